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
use wgpu::{
    BufferUsages, CommandEncoderDescriptor, Extent3d, TexelCopyBufferInfo, TexelCopyBufferLayout,
    TextureUsages,
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
        let depth =
            // The shading pass has a multisampled depth buffer, which cannot be copied; this one
            // has one sample.
            self.create_render_texture(targets.size, DEPTH_FORMAT, 1, TextureUsages::COPY_SRC);
        // wgpu copies rows to multiples of 256 bytes.
        let row = (targets.size.width * 4).next_multiple_of(256);
        let size = u64::from(row) * u64::from(targets.size.height);
        let buffer = self.create_buffer(size, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
        // A count of 1 turns the jitter off, so the sample is in the middle of the pixel.
        let view = ViewUniforms::from_frame(frame, targets.size, PassIndex { index: 0, count: 1 });
        self.queue
            .write_buffer(&targets.view_buffer, 0, bytemuck::bytes_of(&view));
        let mut encoder = self
            .device
            .create_command_encoder(&CommandEncoderDescriptor::default());
        recorder.record_normals(
            &mut encoder,
            &depth.create_view(&wgpu::TextureViewDescriptor::default()),
        );
        readback::copy_to_readback(&mut encoder, targets);
        let layout = TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(row),
            rows_per_image: None,
        };
        let extent = Extent3d {
            width: targets.size.width,
            height: targets.size.height,
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
        let mut normals =
            vec![[0.0; 3]; targets.size.width as usize * targets.size.height as usize];
        // Normals share format and readback buffer with the picture; the weight of 1 copies them.
        self.accumulate_pass(targets, 1.0, &mut normals)?;
        let bytes = self.read_buffer(&buffer)?;
        let rows = bytes
            .chunks_exact(row as usize)
            .map(|row| &row[..targets.size.width as usize * 4]);
        // The cleared 0 means "nothing", and is infinitely far.
        let depths = rows
            .flat_map(bytemuck::pod_collect_to_vec::<u8, f32>)
            .map(|d| frame.camera.depth_distance(d));
        Ok(MeasuredGeometry {
            depths: depths.collect(),
            normals,
        })
    }
}
