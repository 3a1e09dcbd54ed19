//! Errors of the GPU. The texts read after "failed to".

/// Why a device could not be opened or a frame not rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// The machine has no adapter, not even a software one.
    #[error(
        "open a graphics adapter: none was found; for rendering on the processor install a software adapter \
         (Debian and Ubuntu: `apt-get install mesa-vulkan-drivers libvulkan1`)"
    )]
    NoAdapter,
    /// No adapter matches the choice.
    #[error("open the graphics adapter `{wanted}`: there is only {present}")]
    NoSuchAdapter {
        /// The choice as it was typed.
        wanted: String,
        /// All adapters, separated by commas.
        present: String,
    },
    /// The adapter refused to open a device.
    #[error("open the graphics adapter {adapter}: {why}")]
    Device {
        /// Name of the adapter.
        adapter: String,
        /// Reason as the driver gave it.
        why: String,
    },
    /// The device has no memory left.
    #[error("render on {adapter}: out of graphics memory ({why})")]
    OutOfMemory {
        /// Name of the adapter.
        adapter: String,
        /// Reason as the driver gave it.
        why: String,
    },
    /// The device failed during a frame, or was lost.
    #[error("render on {adapter}: {why}")]
    Render {
        /// Name of the adapter.
        adapter: String,
        /// Reason as the driver gave it.
        why: String,
    },
    /// The picture exceeds the largest texture of the adapter.
    #[error("render {width}x{height} pixels: {adapter} draws at most {most} a side")]
    TooLarge {
        /// Name of the adapter.
        adapter: String,
        /// Requested width in pixels.
        width: u32,
        /// Requested height in pixels.
        height: u32,
        /// Largest side in pixels.
        most: u32,
    },
}
