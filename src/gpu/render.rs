//! Executes a [`Frame`] on a [`Canvas`]: as many passes as the samples ask for, and their mean.

use super::device::Gpu;
use super::error::GpuError;
use super::frame::Frame;
use super::passes::Recording;
use super::pipelines::SAMPLES;
use super::readback;
use super::targets::Canvas;
use super::uniforms::{DrawBlock, Pass, View};
use glam::Mat4;
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    BindGroup, BindGroupEntry, BindingResource, Buffer, BufferUsages, CommandEncoderDescriptor,
};

impl Gpu {
    /// Draws one frame and returns linear RGB, rows from the top, times the frame's exposure.
    ///
    /// # Errors
    /// Fails when the device runs out of memory or is lost.
    pub fn render(&self, canvas: &Canvas, frame: &Frame<'_>) -> Result<Vec<[f32; 3]>, GpuError> {
        let (shared, light) = (self.shared(canvas, frame), self.light(canvas, frame));
        let recording = Recording {
            gpu: self,
            canvas,
            frame,
            shared,
            light,
            plain: &canvas.plain,
        };
        let count = frame.samples.div_ceil(SAMPLES).max(1);
        let mut sum = vec![[0.0; 3]; canvas.size.width as usize * canvas.size.height as usize];
        #[expect(clippy::cast_precision_loss, reason = "sample counts are small")]
        let weight = frame.exposure / count as f32;
        for index in 0..count {
            let view = View::of(frame, canvas.size, Pass { index, count });
            self.queue
                .write_buffer(&canvas.view, 0, bytemuck::bytes_of(&view));
            let mut encoder = self
                .device
                .create_command_encoder(&CommandEncoderDescriptor::default());
            if frame.key.is_some() {
                recording.shadow(&mut encoder);
            }
            recording.occlusion(&mut encoder);
            recording.light(&mut encoder);
            readback::copy(&mut encoder, canvas);
            self.queue.submit([encoder.finish()]);
            self.add(canvas, weight, &mut sum)?;
        }
        Ok(sum)
    }

    pub(super) fn shared(&self, canvas: &Canvas, frame: &Frame<'_>) -> BindGroup {
        let blocks = frame.draws.iter();
        let mut draws: Vec<DrawBlock> = blocks
            .map(|draw| DrawBlock {
                base: draw.base,
                mirrored: u32::from(draw.mirrored),
                unused: [0; 2],
            })
            .collect();
        draws.push(DrawBlock {
            base: 0,
            mirrored: 0,
            unused: [0; 2],
        });
        let identity = [Mat4::IDENTITY];
        let transforms = if frame.transforms.is_empty() {
            &identity
        } else {
            frame.transforms
        };
        let (transforms, draws) = (
            self.storage(bytemuck::cast_slice(transforms)),
            self.storage(bytemuck::cast_slice(&draws)),
        );
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipelines.frame,
            entries: &[
                BindGroupEntry {
                    binding: 0,
                    resource: canvas.view.as_entire_binding(),
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

    fn storage(&self, contents: &[u8]) -> Buffer {
        let usage = BufferUsages::STORAGE;
        self.device.create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents,
            usage,
        })
    }

    pub(super) fn light(&self, canvas: &Canvas, frame: &Frame<'_>) -> BindGroup {
        let around = frame.surroundings;
        let [smooth, wrapped, compare] = &canvas.samplers;
        let resources = [
            BindingResource::TextureView(&around.mirrored.view),
            BindingResource::TextureView(&around.panorama.view),
            BindingResource::Sampler(smooth),
            BindingResource::Sampler(wrapped),
            BindingResource::TextureView(&canvas.shadow),
            BindingResource::Sampler(compare),
            BindingResource::TextureView(&canvas.opening[1]),
        ];
        let entries: Vec<BindGroupEntry<'_>> = (0..)
            .zip(resources)
            .map(|(binding, resource)| BindGroupEntry { binding, resource })
            .collect();
        let layout = &self.pipelines.light;
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &entries,
        })
    }
}
