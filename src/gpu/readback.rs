//! Copies rendered pixels from the device to memory.

use super::device::GpuDevice;
use super::error::GpuError;
use super::render_targets::{RenderTargets, row_bytes};
use half::f16;
use half::slice::HalfFloatSliceExt;
use std::sync::mpsc;
use wgpu::{
    Buffer, CommandEncoder, Extent3d, MapMode, PollType, TexelCopyBufferInfo, TexelCopyBufferLayout,
};

/// Records the copy of the resolved picture into the readback buffer.
pub(super) fn copy_to_readback(encoder: &mut CommandEncoder, targets: &RenderTargets) {
    let layout = TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(row_bytes(targets.size)),
        rows_per_image: None,
    };
    let size = Extent3d {
        width: targets.size.width,
        height: targets.size.height,
        depth_or_array_layers: 1,
    };
    let to = TexelCopyBufferInfo {
        buffer: &targets.readback_buffer,
        layout,
    };
    encoder.copy_texture_to_buffer(targets.resolved.as_image_copy(), to, size);
}

impl GpuDevice {
    /// Waits for the device and adds `weight` times the resolved picture to `sum`.
    ///
    /// Of the four channels, as many are added as `sum` has.
    pub(super) fn accumulate_pass<const CHANNELS: usize>(
        &self,
        targets: &RenderTargets,
        weight: f32,
        sum: &mut [[f32; CHANNELS]],
    ) -> Result<(), GpuError> {
        self.map_buffer(&targets.readback_buffer)?;
        {
            let bytes = targets
                .readback_buffer
                // The mapped range must be dropped before `unmap`, hence the block.
                .get_mapped_range(..)
                .map_err(|error| self.render_error(error))?;
            add_rows(&bytes, targets, weight, sum);
        }
        targets.readback_buffer.unmap();
        Ok(())
    }

    /// Waits for the device and returns the bytes of a buffer.
    pub(super) fn read_buffer(&self, buffer: &Buffer) -> Result<Vec<u8>, GpuError> {
        self.map_buffer(buffer)?;
        let bytes = buffer
            .get_mapped_range(..)
            .map_err(|error| self.render_error(error))?
            .to_vec();
        buffer.unmap();
        Ok(bytes)
    }

    /// Waits for the device and maps a buffer for reading.
    fn map_buffer(&self, buffer: &Buffer) -> Result<(), GpuError> {
        let (sender, receiver) = mpsc::channel();
        buffer.map_async(MapMode::Read, .., move |result| {
            // The receiver outlives the wait below. A closed channel only means that the wait has
            // failed.
            let _ = sender.send(result);
        });
        self.device
            .poll(PollType::wait_indefinitely())
            .map_err(|error| self.render_error(error))?;
        // A lost device fails the map with a vague text. The stored error names the cause, so it
        // comes first.
        self.check_errors()?;
        receiver
            .recv()
            .map_err(|error| self.render_error(error))?
            .map_err(|error| self.render_error(error))
    }
}

fn add_rows<const CHANNELS: usize>(
    bytes: &[u8],
    targets: &RenderTargets,
    weight: f32,
    sum: &mut [[f32; CHANNELS]],
) {
    let width = targets.size.width as usize;
    let mut floats = vec![0.0; width * 4];
    let rows = bytes
        .chunks_exact(row_bytes(targets.size) as usize)
        .zip(sum.chunks_exact_mut(width));
    for (row, out) in rows {
        let halves: &[f16] = bytemuck::cast_slice(&row[..width * 8]);
        // Converting a row at once uses the CPU's F16C instructions; single values would not.
        halves.convert_to_f32_slice(&mut floats);
        // The sum is in 32-bit floats: hundreds of passes in half floats would lose the dark parts.
        for (pixel, out) in floats.chunks_exact(4).zip(out) {
            for (value, out) in pixel.iter().zip(out.iter_mut()) {
                *out += value * weight;
            }
        }
    }
}
