//! Records the passes of one frame as GPU commands: shadow map, depth, occlusion, shading.

use super::frame::{DrawCall, RenderFrame};
use super::material::GpuMaterial;
use super::pipeline_cache::{PassKind, PipelineVariant};
use super::{GpuDevice, RenderTargets};
use crate::model::shot_staging::MAX_LAMPS;
use glam::Vec3;
use std::sync::atomic::Ordering;
use wgpu::{
    BindGroup, Color, CommandEncoder, IndexFormat, LoadOp, Operations, RenderPass,
    RenderPassColorAttachment, RenderPassDepthStencilAttachment, RenderPassDescriptor, StoreOp,
    TextureView,
};

/// Records one frame.
pub(super) struct FrameRecorder<'a> {
    pub(super) gpu: &'a GpuDevice,
    pub(super) targets: &'a RenderTargets,
    pub(super) frame: &'a RenderFrame<'a>,
    pub(super) frame_group: BindGroup,
    pub(super) light_group: BindGroup,
    /// Bound in passes that draw no mesh.
    pub(super) plain_material: &'a GpuMaterial,
}

impl FrameRecorder<'_> {
    /// Records all opaque meshes as the key light sees them.
    pub(super) fn record_shadow_map(&self, encoder: &mut CommandEncoder) {
        // To clear 16 MB takes longer than to shade a small frame of an empty place.
        let is_clear = self.opaque_draws().next().is_none();
        let was_clear = &self.targets.shadow_map_is_clear;
        if was_clear.swap(is_clear, Ordering::Relaxed) && is_clear {
            return;
        }
        let mut pass = begin_pass(
            encoder,
            None,
            Some((&self.targets.shadow_map, 1.0, StoreOp::Store)),
            None,
        );
        // Not culled by the camera: what is out of frame casts shadows into it.
        for (index, draw) in self.opaque_draws() {
            self.draw_mesh(&mut pass, PassKind::Shadow, index, draw);
        }
    }

    /// Records depth at half size, and from it the ambient occlusion.
    pub(super) fn record_ambient_occlusion(&self, encoder: &mut CommandEncoder) {
        {
            let mut pass = begin_pass(
                encoder,
                None,
                // Half size: occlusion is soft, and at full size it would cost four times as much.
                Some((&self.targets.half_depth, 0.0, StoreOp::Store)),
                None,
            );
            for (index, draw) in self
                .opaque_draws()
                .filter(|(_, draw)| self.frame.camera.intersects_sphere(&draw.bounding_sphere))
            {
                self.draw_mesh(&mut pass, PassKind::Depth, index, draw);
            }
            // Without the ground, feet and furniture would have no contact shadow.
            if self.frame.ground.is_some() {
                self.draw_without_mesh(&mut pass, PassKind::GroundDepth, 4);
            }
        }
        // The first pass is noisy, one pattern for 4x4 pixels. The second averages exactly that
        // pattern away.
        for (index, pass_kind) in [PassKind::Occlusion, PassKind::SmoothOcclusion]
            .into_iter()
            .enumerate()
        {
            let mut pass = begin_pass(
                encoder,
                Some(&self.targets.ambient_occlusion[index]),
                None,
                None,
            );
            pass.set_bind_group(1, &self.targets.occlusion_groups[index], &[]);
            self.draw_without_mesh(&mut pass, pass_kind, 3);
        }
    }

    /// Records normal and depth of everything opaque.
    pub(super) fn record_normals(&self, encoder: &mut CommandEncoder, depth: &TextureView) {
        let normals = Some(&self.targets.resolved_view);
        let mut pass = begin_pass(encoder, normals, Some((depth, 0.0, StoreOp::Store)), None);
        // Transparent meshes have no one depth at a pixel, so they are left out.
        for index in self.visible_draws().0 {
            self.draw_mesh(
                &mut pass,
                PassKind::Normals,
                index,
                &self.frame.draws[index],
            );
        }
        if self.frame.ground.is_some() {
            self.draw_without_mesh(&mut pass, PassKind::GroundNormals, 4);
        }
    }

    /// Records the picture: opaque meshes from near to far, background, ground, transparent meshes
    /// from far to near.
    pub(super) fn record_shading(&self, encoder: &mut CommandEncoder) {
        let targets = self.targets;
        // Nothing reads the depth of this pass. Discarding it saves the bandwidth of a multisampled
        // buffer.
        let depth = Some((&targets.depth, 0.0, StoreOp::Discard));
        let mut pass = begin_pass(
            encoder,
            Some(&targets.colour),
            depth,
            Some(&targets.resolved_view),
        );
        // The first draw may be the background, whose layout has the material slot too.
        pass.set_bind_group(1, &self.plain_material.bind_group, &[]);
        pass.set_bind_group(2, &self.light_group, &[]);
        let (opaque, transparent) = self.visible_draws();
        // Near to far: the depth test then rejects hidden pixels before they are shaded.
        for index in opaque {
            self.draw_mesh(
                &mut pass,
                PassKind::Surface,
                index,
                &self.frame.draws[index],
            );
        }
        // After the opaque meshes, so that only open pixels pay for the sky; before the ground,
        // which fades into it.
        if !self.frame.transparent {
            self.draw_without_mesh(&mut pass, PassKind::Background, 3);
        }
        if self.frame.ground.is_some() {
            self.draw_without_mesh(&mut pass, PassKind::Ground, 4);
        }
        // Far to near, because blending depends on the order.
        for index in transparent {
            let draw = &self.frame.draws[index];
            // One blend mode cannot both colour what is behind a glass and add its shine.
            if draw.material.variant.transmissive {
                self.draw_mesh(&mut pass, PassKind::Tint, index, draw);
            }
            self.draw_mesh(&mut pass, PassKind::Surface, index, draw);
        }
    }

    fn lamp_count(&self) -> u8 {
        u8::try_from(self.frame.lamps.len().min(MAX_LAMPS)).unwrap_or(0)
    }

    // Transparent meshes cast no shadow and no occlusion: a depth map has no opacity, so glass
    // would shadow like stone.
    fn opaque_draws(&self) -> impl Iterator<Item = (usize, &DrawCall<'_>)> {
        self.frame
            .draws
            .iter()
            .enumerate()
            .filter(|(_, draw)| !draw.material.variant.is_transparent())
    }

    /// Returns the visible opaque draws, nearest first, and the transparent ones, farthest first.
    fn visible_draws(&self) -> (Vec<usize>, Vec<usize>) {
        let camera = &self.frame.camera;
        let depth = |place: Vec3| (place - camera.eye).dot(camera.forward);
        let mut visible: Vec<(usize, f32)> = (self.frame.draws.iter().enumerate())
            .filter(|(_, draw)| camera.intersects_sphere(&draw.bounding_sphere))
            .map(|(index, draw)| {
                (
                    index,
                    depth(draw.bounding_sphere.centre) - draw.bounding_sphere.radius,
                )
            })
            .collect();
        visible.sort_by(|a, b| a.1.total_cmp(&b.1));
        // Transparent meshes use the same order reversed. Sorting their triangles as well would
        // need the CPU for every pose.
        let blended = |index: &usize| self.frame.draws[*index].material.variant.is_transparent();
        let order: Vec<usize> = visible.into_iter().map(|(index, _)| index).collect();
        let transparent = order.iter().rev().copied().filter(blended).collect();
        (
            order.into_iter().filter(|index| !blended(index)).collect(),
            transparent,
        )
    }

    fn draw_mesh(
        &self,
        pass: &mut RenderPass<'_>,
        pass_kind: PassKind,
        index: usize,
        draw: &DrawCall<'_>,
    ) {
        let mut variant =
            draw.material
                .variant
                .for_pass(pass_kind, draw.mesh.skinned, self.lamp_count());
        // A mirroring matrix flips the winding, so culling would remove the front. The shader turns
        // the normal.
        variant.double_sided |= draw.mirrored;
        pass.set_pipeline(&self.gpu.pipelines.get(&self.gpu.device, variant));
        pass.set_bind_group(0, &self.frame_group, &[]);
        pass.set_bind_group(1, &draw.material.bind_group, &[]);
        pass.set_vertex_buffer(0, draw.mesh.vertices.slice(..));
        pass.set_index_buffer(draw.mesh.indices.slice(..), IndexFormat::Uint32);
        // The instance index carries the number of the draw to the shader. That costs no dynamic
        // offset and no bind group a draw.
        let instance = u32::try_from(index).unwrap_or(0);
        pass.draw_indexed(0..draw.mesh.index_count, 0, instance..instance + 1);
    }

    fn draw_without_mesh(&self, pass: &mut RenderPass<'_>, pass_kind: PassKind, vertices: u32) {
        pass.set_pipeline(&self.gpu.pipelines.get(
            &self.gpu.device,
            PipelineVariant::without_material(pass_kind, self.lamp_count()),
        ));
        pass.set_bind_group(0, &self.frame_group, &[]);
        pass.draw(0..vertices, 0..1);
    }
}

fn begin_pass<'a>(
    encoder: &'a mut CommandEncoder,
    colour: Option<&TextureView>,
    depth: Option<(&TextureView, f32, StoreOp)>,
    resolve: Option<&TextureView>,
) -> RenderPass<'a> {
    // Only the resolved picture is read later; the multisampled one may be dropped.
    let store = if resolve.is_some() {
        StoreOp::Discard
    } else {
        StoreOp::Store
    };
    let colour = colour.map(|view| RenderPassColorAttachment {
        view,
        depth_slice: None,
        resolve_target: resolve,
        ops: Operations {
            // A pass that covers all of the picture, such as a background, makes it opaque.
            load: LoadOp::Clear(Color::TRANSPARENT),
            store,
        },
    });
    let depth = depth.map(|(view, clear, store)| RenderPassDepthStencilAttachment {
        view,
        depth_ops: Some(Operations {
            load: LoadOp::Clear(clear),
            store,
        }),
        stencil_ops: None,
    });
    let attachments = [colour];
    encoder
        .begin_render_pass(&RenderPassDescriptor {
            // The number of slots must match that of the pipeline, and depth pipelines have none.
            color_attachments: if attachments[0].is_some() {
                &attachments
            } else {
                &[]
            },
            depth_stencil_attachment: depth,
            ..RenderPassDescriptor::default()
        })
        // The pass borrows the encoder until it is dropped at the end of its block; the type cannot
        // say so for a pass that is returned.
        .forget_lifetime()
}
