//! Why the GPU cannot do what it is asked, in words that read after "failed to".

/// What went wrong with the GPU.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is no adapter at all.
    #[error(
        "open a graphics adapter: none was found; for rendering on the processor install a software adapter \
         (Debian and Ubuntu: `apt-get install mesa-vulkan-drivers libvulkan1`)"
    )]
    NoAdapter,
    /// There is none like the one that was asked for.
    #[error("open the graphics adapter `{wanted}`: there is only {present}")]
    NoSuchAdapter {
        /// What was asked for.
        wanted: String,
        /// What there is.
        present: String,
    },
    /// The adapter refused to make a device.
    #[error("open the graphics adapter {adapter}: {why}")]
    Device {
        /// Its name.
        adapter: String,
        /// What it said.
        why: String,
    },
    /// The device ran out of memory.
    #[error("render on {adapter}: out of graphics memory ({why})")]
    OutOfMemory {
        /// Its name.
        adapter: String,
        /// What it said.
        why: String,
    },
    /// The device failed while drawing.
    #[error("render on {adapter}: {why}")]
    Render {
        /// Its name.
        adapter: String,
        /// What it said.
        why: String,
    },
    /// The picture is larger than what the adapter can draw.
    #[error("render {width}x{height} pixels: {adapter} draws at most {most} a side")]
    TooLarge {
        /// Its name.
        adapter: String,
        /// Pixels across asked for.
        width: u32,
        /// Pixels down asked for.
        height: u32,
        /// The limit.
        most: u32,
    },
}
