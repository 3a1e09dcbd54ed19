//! Layouts and pipelines, made once per device and kept.

use super::geometry::Vertex;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wgpu::{
    BindGroupLayout, BindGroupLayoutEntry, BindingType, BlendState, BufferBindingType,
    ColorTargetState, ColorWrites, CompareFunction, DepthBiasState, DepthStencilState, Device,
    Face, FragmentState, MultisampleState, PipelineCompilationOptions, PipelineLayout,
    PrimitiveState, RenderPipeline, RenderPipelineDescriptor, SamplerBindingType, ShaderModule,
    ShaderStages, StencilState, TextureFormat, TextureSampleType, TextureViewDimension,
    VertexState,
};

/// Light in the making.
pub(super) const COLOUR: TextureFormat = TextureFormat::Rgba16Float;
/// Every depth buffer.
pub(super) const DEPTH: TextureFormat = TextureFormat::Depth32Float;
/// How open a place is to its surroundings.
pub(super) const OPENING: TextureFormat = TextureFormat::R8Unorm;
/// Samples a pixel in one pass.
pub(super) const SAMPLES: u32 = 4;

/// Which of the passes a pipeline draws in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Stage {
    #[default]
    Surface,
    Depth,
    Shadow,
    Ground,
    GroundDepth,
    Background,
    Occlusion,
    Smooth,
    Facing,
    GroundFacing,
}

/// Everything that makes one pipeline differ from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Variant {
    pub(super) stage: Stage,
    pub(super) skinned: bool,
    pub(super) double_sided: bool,
    pub(super) masked: bool,
    pub(super) blended: bool,
    pub(super) unlit: bool,
    pub(super) maps: [bool; 5],
    /// Lamps of the frame: their number is compiled in, because software adapters are slow at loops.
    pub(super) lamps: u8,
}

impl Variant {
    /// Returns the pipeline of a pass that draws no model.
    pub(super) fn only(stage: Stage, lamps: u8) -> Self {
        Self {
            stage,
            lamps: if stage == Stage::Ground { lamps } else { 0 },
            ..Self::default()
        }
    }

    /// Returns the same material's pipeline for `stage`, without what that stage does not look at.
    pub(super) fn at(self, stage: Stage, skinned: bool, lamps: u8) -> Self {
        if stage == Stage::Surface {
            return Self {
                stage,
                skinned,
                lamps,
                ..self
            };
        }
        let mut maps = [false; 5];
        maps[0] = self.masked && self.maps[0];
        // The back of a single-sided wall casts no shadow either, so that light from outside enters a doll's house.
        Self {
            stage,
            skinned,
            double_sided: self.double_sided,
            masked: self.masked,
            maps,
            ..Self::default()
        }
    }
}

/// Layouts, kernels and pipelines of one device.
pub(super) struct Pipelines {
    pub(super) frame: BindGroupLayout,
    pub(super) material: BindGroupLayout,
    pub(super) light: BindGroupLayout,
    pub(super) depth_map: BindGroupLayout,
    surface: ShaderModule,
    depth: ShaderModule,
    ground: ShaderModule,
    background: ShaderModule,
    occlusion: ShaderModule,
    facing: ShaderModule,
    made: Mutex<HashMap<Variant, RenderPipeline>>,
}

macro_rules! kernel {
    ($device:expr, $($file:literal),+) => {
        $device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(concat!($(include_str!(concat!("kernels/", $file, ".wgsl"))),+).into()),
        })
    };
}

impl Pipelines {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            frame: group(device, &[uniform(), storage(), storage()]),
            material: group(
                device,
                &[
                    uniform(),
                    sampler(true),
                    picture(),
                    picture(),
                    picture(),
                    picture(),
                    picture(),
                ],
            ),
            light: group(
                device,
                &[
                    picture(),
                    picture(),
                    sampler(true),
                    sampler(true),
                    depth_picture(),
                    comparison(),
                    picture(),
                ],
            ),
            depth_map: group(device, &[depth_picture(), raw_picture()]),
            surface: kernel!(device, "frame", "place", "matter", "light", "surface"),
            depth: kernel!(device, "frame", "place", "matter", "depth"),
            ground: kernel!(device, "frame", "light", "ground"),
            background: kernel!(device, "frame", "sky", "light", "background"),
            occlusion: kernel!(device, "frame", "occlusion"),
            facing: kernel!(device, "frame", "place", "matter", "facing"),
            made: Mutex::new(HashMap::new()),
        }
    }

    /// Returns the pipeline for `variant`, made at its first use.
    pub(super) fn get(&self, device: &Device, variant: Variant) -> RenderPipeline {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(variant)
            .or_insert_with(|| self.make(device, variant))
            .clone()
    }

    fn make(&self, device: &Device, variant: Variant) -> RenderPipeline {
        let (module, vertex, fragment) = self.kernels(variant);
        let constants = constants(variant);
        let options = PipelineCompilationOptions {
            constants: &constants,
            ..PipelineCompilationOptions::default()
        };
        let targets = [target(variant)];
        let buffers = [Some(Vertex::LAYOUT)];
        let modelled = matches!(
            variant.stage,
            Stage::Surface | Stage::Depth | Stage::Shadow | Stage::Facing
        );
        let culled = modelled && !variant.double_sided;
        device.create_render_pipeline(&RenderPipelineDescriptor {
            label: None,
            layout: Some(&self.layout(device, variant.stage)),
            vertex: VertexState {
                module,
                entry_point: Some(vertex),
                compilation_options: options.clone(),
                buffers: if modelled { &buffers } else { &[] },
            },
            primitive: PrimitiveState {
                cull_mode: culled.then_some(Face::Back),
                ..strip_for(variant.stage)
            },
            depth_stencil: depth(variant),
            multisample: MultisampleState {
                count: samples(variant.stage),
                ..MultisampleState::default()
            },
            fragment: fragment.map(|entry| FragmentState {
                module,
                entry_point: Some(entry),
                compilation_options: options,
                targets: if targets[0].is_some() { &targets } else { &[] },
            }),
            multiview_mask: None,
            cache: None,
        })
    }

    fn kernels(&self, variant: Variant) -> (&ShaderModule, &'static str, Option<&'static str>) {
        match variant.stage {
            Stage::Surface => (&self.surface, "surface_vertex", Some("surface")),
            Stage::Depth | Stage::Shadow => (
                &self.depth,
                "depth_vertex",
                variant.masked.then_some("depth_masked"),
            ),
            Stage::Ground => (&self.ground, "ground_vertex", Some("ground")),
            Stage::GroundDepth => (&self.ground, "ground_vertex", None),
            Stage::Background => (&self.background, "background_vertex", Some("background")),
            Stage::Occlusion => (&self.occlusion, "cover_vertex", Some("occlusion")),
            Stage::Smooth => (&self.occlusion, "cover_vertex", Some("occlusion_smooth")),
            Stage::Facing => (&self.facing, "facing_vertex", Some("facing")),
            Stage::GroundFacing => (&self.ground, "ground_vertex", Some("ground_facing")),
        }
    }

    fn layout(&self, device: &Device, stage: Stage) -> PipelineLayout {
        let groups: &[Option<&BindGroupLayout>] = match stage {
            // Ground and background need no material; but with a hole in its layout lavapipe reads stale light.
            Stage::Surface | Stage::Ground | Stage::Background => {
                &[Some(&self.frame), Some(&self.material), Some(&self.light)]
            }
            Stage::Depth | Stage::Shadow | Stage::Facing => {
                &[Some(&self.frame), Some(&self.material)]
            }
            Stage::GroundDepth | Stage::GroundFacing => &[Some(&self.frame)],
            Stage::Occlusion | Stage::Smooth => &[Some(&self.frame), Some(&self.depth_map)],
        };
        device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: groups,
            immediate_size: 0,
        })
    }
}

fn strip_for(stage: Stage) -> PrimitiveState {
    let topology = match stage {
        Stage::Ground | Stage::GroundDepth | Stage::GroundFacing => {
            wgpu::PrimitiveTopology::TriangleStrip
        }
        _ => wgpu::PrimitiveTopology::TriangleList,
    };
    PrimitiveState {
        topology,
        ..PrimitiveState::default()
    }
}

const fn samples(stage: Stage) -> u32 {
    if matches!(stage, Stage::Surface | Stage::Ground | Stage::Background) {
        SAMPLES
    } else {
        1
    }
}

/// Overrides that the stage's kernels declare, with their values.
fn constants(variant: Variant) -> Vec<(&'static str, f64)> {
    let flag = |name, on: bool| (name, f64::from(u8::from(on)));
    let [base, rough, normal, occlusion, emissive] = variant.maps;
    match variant.stage {
        Stage::Surface => vec![
            ("LAMPS", f64::from(variant.lamps)),
            flag("SKINNED", variant.skinned),
            flag("MASKED", variant.masked),
            flag("BLENDED", variant.blended),
            flag("UNLIT", variant.unlit),
            flag("TWO_SIDED", variant.double_sided),
            flag("BASE_COLOUR_MAP", base),
            flag("METALLIC_ROUGHNESS_MAP", rough),
            flag("NORMAL_MAP", normal),
            flag("OCCLUSION_MAP", occlusion),
            flag("EMISSIVE_MAP", emissive),
        ],
        Stage::Depth | Stage::Shadow => vec![
            flag("SKINNED", variant.skinned),
            flag("LIGHT", variant.stage == Stage::Shadow),
            flag("BASE_COLOUR_MAP", base),
        ],
        Stage::Facing => vec![
            flag("SKINNED", variant.skinned),
            flag("TWO_SIDED", variant.double_sided),
            flag("MASKED", variant.masked),
            flag("BASE_COLOUR_MAP", base),
        ],
        Stage::Ground => vec![("LAMPS", f64::from(variant.lamps))],
        _ => Vec::new(),
    }
}

fn target(variant: Variant) -> Option<ColorTargetState> {
    let over = Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING);
    let (format, blend) = match variant.stage {
        Stage::Surface => (COLOUR, over.filter(|_| variant.blended)),
        Stage::Ground => (COLOUR, over),
        Stage::Background | Stage::Facing | Stage::GroundFacing => (COLOUR, None),
        Stage::Occlusion | Stage::Smooth => (OPENING, None),
        Stage::Depth | Stage::Shadow | Stage::GroundDepth => return None,
    };
    Some(ColorTargetState {
        format,
        blend,
        write_mask: ColorWrites::ALL,
    })
}

/// The camera's depth is reversed (near is 1), the light's is not.
fn depth(variant: Variant) -> Option<DepthStencilState> {
    let light = variant.stage == Stage::Shadow;
    let compare = if light {
        CompareFunction::LessEqual
    } else {
        CompareFunction::GreaterEqual
    };
    let bias = DepthBiasState {
        constant: 0,
        slope_scale: 1.6,
        clamp: 0.0,
    };
    let writes = !variant.blended && !matches!(variant.stage, Stage::Background | Stage::Ground);
    let state = DepthStencilState {
        format: DEPTH,
        depth_write_enabled: Some(writes),
        depth_compare: Some(compare),
        stencil: StencilState::default(),
        bias: if light {
            bias
        } else {
            DepthBiasState::default()
        },
    };
    (!matches!(variant.stage, Stage::Occlusion | Stage::Smooth)).then_some(state)
}

fn group(device: &Device, kinds: &[BindingType]) -> BindGroupLayout {
    let entries: Vec<BindGroupLayoutEntry> = (0..)
        .zip(kinds)
        .map(|(binding, ty)| BindGroupLayoutEntry {
            binding,
            visibility: ShaderStages::VERTEX_FRAGMENT,
            ty: *ty,
            count: None,
        })
        .collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: None,
        entries: &entries,
    })
}

const fn uniform() -> BindingType {
    BindingType::Buffer {
        ty: BufferBindingType::Uniform,
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

const fn storage() -> BindingType {
    let ty = BufferBindingType::Storage { read_only: true };
    BindingType::Buffer {
        ty,
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

const fn sampler(filtering: bool) -> BindingType {
    BindingType::Sampler(if filtering {
        SamplerBindingType::Filtering
    } else {
        SamplerBindingType::NonFiltering
    })
}

const fn comparison() -> BindingType {
    BindingType::Sampler(SamplerBindingType::Comparison)
}

const fn texture(sample_type: TextureSampleType) -> BindingType {
    BindingType::Texture {
        sample_type,
        view_dimension: TextureViewDimension::D2,
        multisampled: false,
    }
}

const fn picture() -> BindingType {
    texture(TextureSampleType::Float { filterable: true })
}

const fn raw_picture() -> BindingType {
    texture(TextureSampleType::Float { filterable: false })
}

const fn depth_picture() -> BindingType {
    texture(TextureSampleType::Depth)
}
