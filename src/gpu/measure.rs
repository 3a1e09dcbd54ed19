//! Renders depth and normals of a frame. One sample in the middle of each pixel, because the mean
//! of two depths is the depth of neither surface.

use super::device::GpuDevice;
use super::error::GpuError;
use super::frame::RenderFrame;
use super::frame_recorder::FrameRecorder;
use super::pipeline_cache::DEPTH_FORMAT;
use super::readback;
use super::render_targets::RenderTargets;
use super::uniforms::{PassIndex, ViewUniforms};
use crate::model::PixelSize;
use wgpu::{
    Buffer, BufferUsages, CommandEncoder, CommandEncoderDescriptor, Extent3d, TexelCopyBufferInfo,
    TexelCopyBufferLayout, Texture, TextureUsages,
};

/// Depth and normals of a frame, rows from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredGeometry {
    /// Distance from the camera's plane in metres; infinite where there is nothing.
    pub depths: Vec<f32>,
    /// Unit normals in world space; zero where there is nothing.
    pub normals: Vec<[f32; 3]>,
}

impl GpuDevice {
    /// Renders depth and normals of one frame.
    ///
    /// # Errors
    /// Fails when the device runs out of memory or is lost.
    pub fn measure_geometry(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> Result<MeasuredGeometry, GpuError> {
        let frame_group = self.frame_bind_group(targets, frame);
        let light_group = self.light_bind_group(targets, frame);
        let recorder = FrameRecorder {
            gpu: self,
            targets,
            frame,
            frame_group,
            light_group,
            plain_material: &targets.plain_material,
        };
        let depth = DepthReadback::new(self, targets.size);
        // A count of 1 turns the jitter off, so the sample is in the middle of the pixel.
        let view = ViewUniforms::from_frame(frame, targets.size, PassIndex { index: 0, count: 1 });
        self.queue
            .write_buffer(&targets.view_buffer, 0, bytemuck::bytes_of(&view));
        let mut encoder = self
            .device
            .create_command_encoder(&CommandEncoderDescriptor::default());
        recorder.record_normals(
            &mut encoder,
            &depth
                .texture
                .create_view(&wgpu::TextureViewDescriptor::default()),
        );
        readback::copy_to_readback(&mut encoder, targets);
        depth.record_copy(&mut encoder);
        self.queue.submit([encoder.finish()]);
        let mut normals =
            vec![[0.0; 3]; targets.size.width as usize * targets.size.height as usize];
        // Normals share format and readback buffer with the picture; the weight of 1 copies them.
        self.accumulate_pass(targets, 1.0, &mut normals)?;
        let depths = depth.read_values(self)?;
        Ok(MeasuredGeometry {
            // The cleared 0 means "nothing", and is infinitely far.
            depths: depths
                .into_iter()
                .map(|value| frame.camera.depth_distance(value))
                .collect(),
            normals,
        })
    }
}

/// A depth texture of one sample a pixel, and the buffer into which it is copied.
// The shading pass has a multisampled depth buffer, which cannot be copied.
struct DepthReadback {
    texture: Texture,
    buffer: Buffer,
    size: PixelSize,
    row_bytes: u32,
}

impl DepthReadback {
    fn new(gpu: &GpuDevice, size: PixelSize) -> Self {
        // wgpu copies rows to multiples of 256 bytes.
        let row_bytes = (size.width * 4).next_multiple_of(256);
        let bytes = u64::from(row_bytes) * u64::from(size.height);
        Self {
            texture: gpu.create_render_texture(size, DEPTH_FORMAT, 1, TextureUsages::COPY_SRC),
            buffer: gpu.create_buffer(bytes, BufferUsages::MAP_READ | BufferUsages::COPY_DST),
            size,
            row_bytes,
        }
    }

    fn record_copy(&self, encoder: &mut CommandEncoder) {
        let layout = TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(self.row_bytes),
            rows_per_image: None,
        };
        let extent = Extent3d {
            width: self.size.width,
            height: self.size.height,
            depth_or_array_layers: 1,
        };
        encoder.copy_texture_to_buffer(
            self.texture.as_image_copy(),
            TexelCopyBufferInfo {
                buffer: &self.buffer,
                layout,
            },
            extent,
        );
    }

    /// Waits for the copy, and returns the depths without the padding of the rows.
    fn read_values(&self, gpu: &GpuDevice) -> Result<Vec<f32>, GpuError> {
        let bytes = gpu.read_buffer(&self.buffer)?;
        Ok(bytes
            .chunks_exact(self.row_bytes as usize)
            .map(|row| &row[..self.size.width as usize * 4])
            .flat_map(bytemuck::pod_collect_to_vec::<u8, f32>)
            .collect())
    }
}
