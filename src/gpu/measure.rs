//! What is measured of a frame: how far away everything solid is, and which way it faces. One sample in the middle of every
//! pixel, because a mean of two depths is the depth of neither.

use super::device::Gpu;
use super::error::GpuError;
use super::frame::Frame;
use super::passes::Recording;
use super::pipelines::DEPTH;
use super::readback;
use super::targets::Canvas;
use super::uniforms::{Pass, View};
use wgpu::{
    BufferUsages, CommandEncoderDescriptor, Extent3d, TexelCopyBufferInfo, TexelCopyBufferLayout,
    TextureUsages,
};

/// What was measured of a frame, rows from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Metres from the camera's plane; infinite where there is nothing.
    pub depths: Vec<f32>,
    /// Unit vectors that solid surfaces face along; zero where there is nothing.
    pub normals: Vec<[f32; 3]>,
}

impl Gpu {
    /// Measures one frame.
    ///
    /// # Errors
    /// Fails when the device runs out of memory or is lost.
    pub fn measure(&self, canvas: &Canvas, frame: &Frame<'_>) -> Result<Measured, GpuError> {
        let (shared, light) = (self.shared(canvas, frame), self.light(canvas, frame));
        let recording = Recording {
            gpu: self,
            canvas,
            frame,
            shared,
            light,
            plain: &canvas.plain,
        };
        let depth = self.target(canvas.size, DEPTH, 1, TextureUsages::COPY_SRC);
        let row = (canvas.size.width * 4).next_multiple_of(256);
        let size = u64::from(row) * u64::from(canvas.size.height);
        let buffer = self.buffer(size, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
        let view = View::of(frame, canvas.size, Pass { index: 0, count: 1 });
        self.queue
            .write_buffer(&canvas.view, 0, bytemuck::bytes_of(&view));
        let mut encoder = self
            .device
            .create_command_encoder(&CommandEncoderDescriptor::default());
        recording.facing(
            &mut encoder,
            &depth.create_view(&wgpu::TextureViewDescriptor::default()),
        );
        readback::copy(&mut encoder, canvas);
        let layout = TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(row),
            rows_per_image: None,
        };
        let extent = Extent3d {
            width: canvas.size.width,
            height: canvas.size.height,
            depth_or_array_layers: 1,
        };
        encoder.copy_texture_to_buffer(
            depth.as_image_copy(),
            TexelCopyBufferInfo {
                buffer: &buffer,
                layout,
            },
            extent,
        );
        self.queue.submit([encoder.finish()]);
        let mut normals = vec![[0.0; 3]; canvas.size.width as usize * canvas.size.height as usize];
        self.add(canvas, 1.0, &mut normals)?;
        let bytes = self.bytes(&buffer)?;
        let rows = bytes
            .chunks_exact(row as usize)
            .map(|row| &row[..canvas.size.width as usize * 4]);
        // The buffer holds near / depth, so that far things keep their precision.
        let depths = rows
            .flat_map(bytemuck::pod_collect_to_vec::<u8, f32>)
            .map(|d| frame.lens.near / d);
        Ok(Measured {
            depths: depths.collect(),
            normals,
        })
    }
}
