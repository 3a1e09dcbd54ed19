//! From the device back to memory.

use super::device::Gpu;
use super::error::GpuError;
use super::targets::{Canvas, row_bytes};
use half::f16;
use half::slice::HalfFloatSliceExt;
use std::sync::mpsc;
use wgpu::{
    Buffer, CommandEncoder, Extent3d, MapMode, PollType, TexelCopyBufferInfo, TexelCopyBufferLayout,
};

/// Records the copy of the finished pass into the readback buffer.
pub(super) fn copy(encoder: &mut CommandEncoder, canvas: &Canvas) {
    let layout = TexelCopyBufferLayout {
        offset: 0,
        bytes_per_row: Some(row_bytes(canvas.size)),
        rows_per_image: None,
    };
    let size = Extent3d {
        width: canvas.size.width,
        height: canvas.size.height,
        depth_or_array_layers: 1,
    };
    let to = TexelCopyBufferInfo {
        buffer: &canvas.readback,
        layout,
    };
    encoder.copy_texture_to_buffer(canvas.resolved.as_image_copy(), to, size);
}

impl Gpu {
    /// Waits for the device and adds `weight` times the finished pass to `sum`.
    pub(super) fn add(
        &self,
        canvas: &Canvas,
        weight: f32,
        sum: &mut [[f32; 3]],
    ) -> Result<(), GpuError> {
        self.map(&canvas.readback)?;
        {
            let bytes = canvas
                .readback
                .get_mapped_range(..)
                .map_err(|error| self.broken(error))?;
            add_rows(&bytes, canvas, weight, sum);
        }
        canvas.readback.unmap();
        Ok(())
    }

    /// Waits for the device and returns what a buffer holds.
    pub(super) fn bytes(&self, buffer: &Buffer) -> Result<Vec<u8>, GpuError> {
        self.map(buffer)?;
        let bytes = buffer
            .get_mapped_range(..)
            .map_err(|error| self.broken(error))?
            .to_vec();
        buffer.unmap();
        Ok(bytes)
    }

    /// Waits for the device and lets a buffer be read.
    fn map(&self, buffer: &Buffer) -> Result<(), GpuError> {
        let (sender, receiver) = mpsc::channel();
        buffer.map_async(MapMode::Read, .., move |result| {
            // The receiver outlives the wait below; a closed channel only means that the wait failed.
            let _ = sender.send(result);
        });
        self.device
            .poll(PollType::wait_indefinitely())
            .map_err(|error| self.broken(error))?;
        self.settled()?;
        receiver
            .recv()
            .map_err(|error| self.broken(error))?
            .map_err(|error| self.broken(error))
    }
}

fn add_rows(bytes: &[u8], canvas: &Canvas, weight: f32, sum: &mut [[f32; 3]]) {
    let width = canvas.size.width as usize;
    let mut floats = vec![0.0; width * 4];
    let rows = bytes
        .chunks_exact(row_bytes(canvas.size) as usize)
        .zip(sum.chunks_exact_mut(width));
    for (row, out) in rows {
        let halves: &[f16] = bytemuck::cast_slice(&row[..width * 8]);
        halves.convert_to_f32_slice(&mut floats);
        for (pixel, out) in floats.chunks_exact(4).zip(out) {
            for (value, out) in pixel.iter().zip(out.iter_mut()) {
                *out += value * weight;
            }
        }
    }
}
