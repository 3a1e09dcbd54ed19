//! The passes of one frame, as commands: shadow map, depth, occlusion, light.

use super::frame::{Draw, Frame, MOST_LAMPS};
use super::material::Material;
use super::pipelines::{Stage, Variant};
use super::{Canvas, Gpu};
use glam::Vec3;
use wgpu::{
    BindGroup, Color, CommandEncoder, IndexFormat, LoadOp, Operations, RenderPass,
    RenderPassColorAttachment, RenderPassDepthStencilAttachment, RenderPassDescriptor, StoreOp,
    TextureView,
};

/// One frame being recorded.
pub(super) struct Recording<'a> {
    pub(super) gpu: &'a Gpu,
    pub(super) canvas: &'a Canvas,
    pub(super) frame: &'a Frame<'a>,
    pub(super) shared: BindGroup,
    pub(super) light: BindGroup,
    /// Bound where a pass needs no material.
    pub(super) plain: &'a Material,
}

impl Recording<'_> {
    /// Records everything that casts shadows, seen from the key light.
    pub(super) fn shadow(&self, encoder: &mut CommandEncoder) {
        let mut pass = begin(
            encoder,
            None,
            Some((&self.canvas.shadow, 1.0, StoreOp::Store)),
            None,
        );
        for (index, draw) in self.solid() {
            self.draw(&mut pass, Stage::Shadow, index, draw);
        }
    }

    /// Records depth at half size, and from it how open every place is.
    pub(super) fn occlusion(&self, encoder: &mut CommandEncoder) {
        {
            let mut pass = begin(
                encoder,
                None,
                Some((&self.canvas.small_depth, 0.0, StoreOp::Store)),
                None,
            );
            for (index, draw) in self
                .solid()
                .filter(|(_, draw)| self.frame.lens.sees(&draw.around))
            {
                self.draw(&mut pass, Stage::Depth, index, draw);
            }
            if self.frame.ground.is_some() {
                self.cover(&mut pass, Stage::GroundDepth, 4);
            }
        }
        for (at, stage) in [Stage::Occlusion, Stage::Smooth].into_iter().enumerate() {
            let mut pass = begin(encoder, Some(&self.canvas.opening[at]), None, None);
            pass.set_bind_group(1, &self.canvas.opening_groups[at], &[]);
            self.cover(&mut pass, stage, 3);
        }
    }

    /// Records which way everything solid faces, and how far away it is.
    pub(super) fn facing(&self, encoder: &mut CommandEncoder, depth: &TextureView) {
        let facing = Some(&self.canvas.resolved_view);
        let mut pass = begin(encoder, facing, Some((depth, 0.0, StoreOp::Store)), None);
        for index in self.in_view().0 {
            self.draw(&mut pass, Stage::Facing, index, &self.frame.draws[index]);
        }
        if self.frame.ground.is_some() {
            self.cover(&mut pass, Stage::GroundFacing, 4);
        }
    }

    /// Records the picture itself: solid things from near to far, then what is behind, then what is see-through.
    pub(super) fn light(&self, encoder: &mut CommandEncoder) {
        let canvas = self.canvas;
        let depth = Some((&canvas.depth, 0.0, StoreOp::Discard));
        let mut pass = begin(
            encoder,
            Some(&canvas.colour),
            depth,
            Some(&canvas.resolved_view),
        );
        pass.set_bind_group(1, &self.plain.group, &[]);
        pass.set_bind_group(2, &self.light, &[]);
        let (solid, clear) = self.in_view();
        for index in solid {
            self.draw(&mut pass, Stage::Surface, index, &self.frame.draws[index]);
        }
        self.cover(&mut pass, Stage::Background, 3);
        if self.frame.ground.is_some() {
            self.cover(&mut pass, Stage::Ground, 4);
        }
        for index in clear {
            self.draw(&mut pass, Stage::Surface, index, &self.frame.draws[index]);
        }
    }

    fn lamps(&self) -> u8 {
        u8::try_from(self.frame.lamps.len().min(MOST_LAMPS)).unwrap_or(0)
    }

    fn solid(&self) -> impl Iterator<Item = (usize, &Draw<'_>)> {
        self.frame
            .draws
            .iter()
            .enumerate()
            .filter(|(_, draw)| !draw.material.variant.blended)
    }

    /// Returns solid draws in view, nearest first, and see-through ones, farthest first.
    fn in_view(&self) -> (Vec<usize>, Vec<usize>) {
        let lens = &self.frame.lens;
        let depth = |place: Vec3| (place - lens.eye).dot(lens.forward);
        let mut seen: Vec<(usize, f32)> = (self.frame.draws.iter().enumerate())
            .filter(|(_, draw)| lens.sees(&draw.around))
            .map(|(index, draw)| (index, depth(draw.around.centre) - draw.around.radius))
            .collect();
        seen.sort_by(|a, b| a.1.total_cmp(&b.1));
        let blended = |index: &usize| self.frame.draws[*index].material.variant.blended;
        let order: Vec<usize> = seen.into_iter().map(|(index, _)| index).collect();
        let clear = order.iter().rev().copied().filter(blended).collect();
        (
            order.into_iter().filter(|index| !blended(index)).collect(),
            clear,
        )
    }

    fn draw(&self, pass: &mut RenderPass<'_>, stage: Stage, index: usize, draw: &Draw<'_>) {
        let mut variant = draw
            .material
            .variant
            .at(stage, draw.mesh.skinned, self.lamps());
        variant.double_sided |= draw.mirrored;
        pass.set_pipeline(&self.gpu.pipelines.get(&self.gpu.device, variant));
        pass.set_bind_group(0, &self.shared, &[]);
        pass.set_bind_group(1, &draw.material.group, &[]);
        pass.set_vertex_buffer(0, draw.mesh.vertices.slice(..));
        pass.set_index_buffer(draw.mesh.indices.slice(..), IndexFormat::Uint32);
        let instance = u32::try_from(index).unwrap_or(0);
        pass.draw_indexed(0..draw.mesh.count, 0, instance..instance + 1);
    }

    fn cover(&self, pass: &mut RenderPass<'_>, stage: Stage, vertices: u32) {
        pass.set_pipeline(
            &self
                .gpu
                .pipelines
                .get(&self.gpu.device, Variant::only(stage, self.lamps())),
        );
        pass.set_bind_group(0, &self.shared, &[]);
        pass.draw(0..vertices, 0..1);
    }
}

fn begin<'a>(
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
