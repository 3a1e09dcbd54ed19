//! The passes of one frame, as commands: shadow map, depth, occlusion, light.

use super::frame::{DrawCall, RenderFrame};
use super::lights::MAX_LAMPS;
use super::material::GpuMaterial;
use super::pipeline_cache::{PassKind, PipelineVariant};
use super::{GpuDevice, RenderTargets};
use glam::Vec3;
use wgpu::{
    BindGroup, Color, CommandEncoder, IndexFormat, LoadOp, Operations, RenderPass,
    RenderPassColorAttachment, RenderPassDepthStencilAttachment, RenderPassDescriptor, StoreOp,
    TextureView,
};

/// One frame being recorded.
pub(super) struct FrameRecorder<'a> {
    pub(super) gpu: &'a GpuDevice,
    pub(super) targets: &'a RenderTargets,
    pub(super) frame: &'a RenderFrame<'a>,
    pub(super) frame_group: BindGroup,
    pub(super) light_group: BindGroup,
    /// Bound where a pass needs no material.
    pub(super) plain_material: &'a GpuMaterial,
}

impl FrameRecorder<'_> {
    /// Records everything that casts shadows, seen from the key light.
    pub(super) fn record_shadow_map(&self, encoder: &mut CommandEncoder) {
        let mut pass = begin_pass(
            encoder,
            None,
            Some((&self.targets.shadow_map, 1.0, StoreOp::Store)),
            None,
        );
        for (index, draw) in self.opaque_draws() {
            self.draw_mesh(&mut pass, PassKind::Shadow, index, draw);
        }
    }

    /// Records depth at half size, and from it how open every place is.
    pub(super) fn record_ambient_occlusion(&self, encoder: &mut CommandEncoder) {
        {
            let mut pass = begin_pass(
                encoder,
                None,
                Some((&self.targets.half_depth, 0.0, StoreOp::Store)),
                None,
            );
            for (index, draw) in self
                .opaque_draws()
                .filter(|(_, draw)| self.frame.camera.intersects_sphere(&draw.bounding_sphere))
            {
                self.draw_mesh(&mut pass, PassKind::Depth, index, draw);
            }
            if self.frame.ground.is_some() {
                self.draw_without_mesh(&mut pass, PassKind::GroundDepth, 4);
            }
        }
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

    /// Records which way everything solid faces, and how far away it is.
    pub(super) fn record_normals(&self, encoder: &mut CommandEncoder, depth: &TextureView) {
        let normals = Some(&self.targets.resolved_view);
        let mut pass = begin_pass(encoder, normals, Some((depth, 0.0, StoreOp::Store)), None);
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

    /// Records the picture itself: solid things from near to far, then what is behind, then what is see-through.
    pub(super) fn record_shading(&self, encoder: &mut CommandEncoder) {
        let targets = self.targets;
        let depth = Some((&targets.depth, 0.0, StoreOp::Discard));
        let mut pass = begin_pass(
            encoder,
            Some(&targets.colour),
            depth,
            Some(&targets.resolved_view),
        );
        pass.set_bind_group(1, &self.plain_material.bind_group, &[]);
        pass.set_bind_group(2, &self.light_group, &[]);
        let (opaque, transparent) = self.visible_draws();
        for index in opaque {
            self.draw_mesh(
                &mut pass,
                PassKind::Surface,
                index,
                &self.frame.draws[index],
            );
        }
        self.draw_without_mesh(&mut pass, PassKind::Background, 3);
        if self.frame.ground.is_some() {
            self.draw_without_mesh(&mut pass, PassKind::Ground, 4);
        }
        for index in transparent {
            self.draw_mesh(
                &mut pass,
                PassKind::Surface,
                index,
                &self.frame.draws[index],
            );
        }
    }

    fn lamp_count(&self) -> u8 {
        u8::try_from(self.frame.lamps.len().min(MAX_LAMPS)).unwrap_or(0)
    }

    fn opaque_draws(&self) -> impl Iterator<Item = (usize, &DrawCall<'_>)> {
        self.frame
            .draws
            .iter()
            .enumerate()
            .filter(|(_, draw)| !draw.material.variant.blended)
    }

    /// Returns solid draws in view, nearest first, and see-through ones, farthest first.
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
        let blended = |index: &usize| self.frame.draws[*index].material.variant.blended;
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
        variant.double_sided |= draw.mirrored;
        pass.set_pipeline(&self.gpu.pipelines.get(&self.gpu.device, variant));
        pass.set_bind_group(0, &self.frame_group, &[]);
        pass.set_bind_group(1, &draw.material.bind_group, &[]);
        pass.set_vertex_buffer(0, draw.mesh.vertices.slice(..));
        pass.set_index_buffer(draw.mesh.indices.slice(..), IndexFormat::Uint32);
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
            load: LoadOp::Clear(Color::BLACK),
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
            color_attachments: if attachments[0].is_some() {
                &attachments
            } else {
                &[]
            },
            depth_stencil_attachment: depth,
            ..RenderPassDescriptor::default()
        })
        .forget_lifetime()
}
