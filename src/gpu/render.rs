//! Renders a [`RenderFrame`] on [`RenderTargets`]: as many passes as the samples need, averaged.

use super::device::GpuDevice;
use super::error::GpuError;
use super::frame::RenderFrame;
use super::frame_recorder::FrameRecorder;
use super::pipeline_cache::SAMPLES_PER_PASS;
use super::readback;
use super::render_targets::RenderTargets;
use super::uniforms::{DrawBlock, PassIndex, ViewUniforms};
use glam::Mat4;
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    BindGroup, BindGroupEntry, BindingResource, Buffer, BufferUsages, CommandEncoderDescriptor,
};

impl GpuDevice {
    /// Renders one frame. Returns linear RGB times the frame's exposure, rows from the top.
    ///
    /// # Errors
    /// Fails when the device runs out of memory or is lost.
    pub fn render(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> Result<Vec<[f32; 3]>, GpuError> {
        self.render_channels(targets, frame)
    }

    /// Renders one frame. Returns linear RGB times the frame's exposure and times alpha, and alpha,
    /// rows from the top.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn render_with_alpha(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> Result<Vec<[f32; 4]>, GpuError> {
        let mut pixels = self.render_channels::<4>(targets, frame)?;
        let alphas = pixels.iter_mut().map(|pixel| &mut pixel[3]);
        alphas.for_each(|alpha| *alpha /= frame.exposure);
        Ok(pixels)
    }

    /// Renders the first channels of a frame, all of them times its exposure.
    fn render_channels<const CHANNELS: usize>(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> Result<Vec<[f32; CHANNELS]>, GpuError> {
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
        // Four samples share one shading in a pass. More samples mean more passes, each with
        // another jitter of camera, light and noise, so that edges, penumbras and occlusion
        // converge together.
        let count = frame.samples.div_ceil(SAMPLES_PER_PASS).max(1);
        let mut sum = self.empty_sum(targets)?;
        #[expect(clippy::cast_precision_loss, reason = "sample counts are small")]
        // Exposure is part of the weight: one multiplication less a pixel.
        let weight = frame.exposure / count as f32;
        for index in 0..count {
            let view = ViewUniforms::from_frame(frame, targets.size, PassIndex { index, count });
            self.queue
                .write_buffer(&targets.view_buffer, 0, bytemuck::bytes_of(&view));
            let mut encoder = self
                .device
                .create_command_encoder(&CommandEncoderDescriptor::default());
            if frame.key_light.is_some() {
                // The shadow map is drawn anew in each pass, since each pass moves the light on its
                // disc.
                recorder.record_shadow_map(&mut encoder);
            }
            recorder.record_ambient_occlusion(&mut encoder);
            recorder.record_shading(&mut encoder);
            readback::copy_to_readback(&mut encoder, targets);
            // Uniforms and readback buffer are reused, so each pass is submitted and read before
            // the next.
            self.queue.submit([encoder.finish()]);
            self.accumulate_pass(targets, weight, &mut sum)?;
        }
        Ok(sum)
    }

    /// Returns a black picture of the size of the targets.
    fn empty_sum<const CHANNELS: usize>(
        &self,
        targets: &RenderTargets,
    ) -> Result<Vec<[f32; CHANNELS]>, GpuError> {
        let count = targets.size.width as usize * targets.size.height as usize;
        let mut sum = Vec::new();
        // An allocation that fails elsewhere ends the program, and all jobs with it.
        sum.try_reserve_exact(count)
            .map_err(|error| GpuError::OutOfMemory {
                adapter: self.adapter_facts().name.clone(),
                why: error.to_string(),
            })?;
        sum.resize(count, [0.0; CHANNELS]);
        Ok(sum)
    }

    pub(super) fn frame_bind_group(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> BindGroup {
        let blocks = frame.draws.iter();
        let mut draws: Vec<DrawBlock> = blocks
            .map(|draw| DrawBlock {
                base: draw.first_transform,
                mirrored: u32::from(draw.mirrored),
                unused: [0; 2],
            })
            .collect();
        // A storage buffer must not be empty, and a frame may have no draws.
        draws.push(DrawBlock {
            base: 0,
            mirrored: 0,
            unused: [0; 2],
        });
        // Same for the matrices.
        let identity = [Mat4::IDENTITY];
        let transforms = if frame.transforms.is_empty() {
            &identity
        } else {
            frame.transforms
        };
        let transforms = self.create_storage_buffer(bytemuck::cast_slice(transforms));
        let draws = self.create_storage_buffer(bytemuck::cast_slice(&draws));
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipelines.frame_layout,
            entries: &[
                BindGroupEntry {
                    binding: 0,
                    resource: targets.view_buffer.as_entire_binding(),
                },
                BindGroupEntry {
                    binding: 1,
                    resource: transforms.as_entire_binding(),
                },
                BindGroupEntry {
                    binding: 2,
                    resource: draws.as_entire_binding(),
                },
            ],
        })
    }

    fn create_storage_buffer(&self, contents: &[u8]) -> Buffer {
        let usage = BufferUsages::STORAGE;
        self.device.create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents,
            usage,
        })
    }

    pub(super) fn light_bind_group(
        &self,
        targets: &RenderTargets,
        frame: &RenderFrame<'_>,
    ) -> BindGroup {
        let environment = frame.environment;
        let [smooth, wrapped, compare] = &targets.samplers;
        let resources = [
            BindingResource::TextureView(&environment.specular_map.view),
            BindingResource::TextureView(&environment.panorama.view),
            BindingResource::Sampler(smooth),
            BindingResource::Sampler(wrapped),
            BindingResource::TextureView(&targets.shadow_map),
            BindingResource::Sampler(compare),
            BindingResource::TextureView(&targets.ambient_occlusion[1]),
        ];
        let entries: Vec<BindGroupEntry<'_>> = (0..)
            .zip(resources)
            .map(|(binding, resource)| BindGroupEntry { binding, resource })
            .collect();
        let layout = &self.pipelines.light_layout;
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &entries,
        })
    }
}
