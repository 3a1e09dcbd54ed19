//! Layouts, shader modules and pipelines. Each is created once per device.

use super::vertex::MeshVertex;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wgpu::{
    BindGroupLayout, BindGroupLayoutEntry, BindingType, BlendComponent, BlendFactor,
    BlendOperation, BlendState, BufferBindingType, ColorTargetState, ColorWrites, CompareFunction,
    DepthBiasState, DepthStencilState, Device, Face, FragmentState, MultisampleState,
    PipelineCompilationOptions, PipelineLayout, PrimitiveState, RenderPipeline,
    RenderPipelineDescriptor, SamplerBindingType, ShaderModule, ShaderStages, StencilState,
    TextureFormat, TextureSampleType, TextureViewDimension, VertexState,
};

/// Linear light before grading.
// Half floats hold highlights above 1. 32-bit floats cannot be blended on every adapter.
pub(super) const COLOUR_FORMAT: TextureFormat = TextureFormat::Rgba16Float;
/// All depth buffers.
// Reversed depth gains its precision only with floats; 24-bit integers would waste it.
pub(super) const DEPTH_FORMAT: TextureFormat = TextureFormat::Depth32Float;
/// Ambient occlusion: 1 is open, 0 is closed.
pub(super) const AO_FORMAT: TextureFormat = TextureFormat::R8Unorm;
/// Coverage samples a pixel and pass.
// Four is the only count above 1 that every adapter must support. More come from more passes.
pub(super) const SAMPLES_PER_PASS: u32 = 4;

/// The pass that a pipeline draws in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum PassKind {
    #[default]
    Surface,
    /// What a transmissive surface leaves of the light behind it.
    Tint,
    Depth,
    Shadow,
    Ground,
    GroundDepth,
    Background,
    Occlusion,
    SmoothOcclusion,
    Normals,
    GroundNormals,
}

/// Key of a pipeline: everything in which two pipelines can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct PipelineVariant {
    pub(super) pass_kind: PassKind,
    pub(super) skinned: bool,
    pub(super) double_sided: bool,
    pub(super) masked: bool,
    pub(super) blended: bool,
    pub(super) unlit: bool,
    pub(super) maps: [bool; 6],
    pub(super) second_uvs: bool,
    pub(super) specular_glossiness: bool,
    pub(super) transmissive: bool,
    pub(super) clearcoat: bool,
    pub(super) sheen: bool,
    /// Lamps of the frame. A compile-time constant, because software adapters are slow at loops.
    pub(super) lamps: u8,
}

impl PipelineVariant {
    /// Returns the key for a pass that draws no mesh.
    pub(super) fn without_material(pass_kind: PassKind, lamps: u8) -> Self {
        Self {
            pass_kind,
            // The others read no lamps. Their count in the key would compile the same pipeline
            // again.
            lamps: if pass_kind == PassKind::Ground {
                lamps
            } else {
                0
            },
            ..Self::default()
        }
    }

    /// Returns the key of this material for `pass_kind`, without the features that the pass
    /// ignores.
    pub(super) fn for_pass(self, pass_kind: PassKind, skinned: bool, lamps: u8) -> Self {
        if matches!(pass_kind, PassKind::Surface | PassKind::Tint) {
            return Self {
                pass_kind,
                skinned,
                lamps,
                ..self
            };
        }
        // Depth and normals depend on a texture only through the holes of a mask.
        let mut maps = [false; 6];
        maps[0] = self.masked && self.maps[0];
        // Culling applies to shadows as well, so light from outside enters a room with single-sided
        // walls, as in a doll's house.
        Self {
            pass_kind,
            skinned,
            double_sided: self.double_sided,
            masked: self.masked,
            maps,
            second_uvs: self.second_uvs && maps[0],
            ..Self::default()
        }
    }

    /// Returns whether what is behind the surface is seen through it.
    pub(super) const fn is_transparent(self) -> bool {
        self.blended || self.transmissive
    }
}

/// Layouts, shader modules and pipelines of one device.
pub(super) struct PipelineCache {
    pub(super) frame_layout: BindGroupLayout,
    pub(super) material_layout: BindGroupLayout,
    pub(super) light_layout: BindGroupLayout,
    pub(super) depth_map_layout: BindGroupLayout,
    surface: ShaderModule,
    depth: ShaderModule,
    ground: ShaderModule,
    background: ShaderModule,
    occlusion: ShaderModule,
    facing: ShaderModule,
    cached_pipelines: Mutex<HashMap<PipelineVariant, RenderPipeline>>,
}

// WGSL has no include. The files are concatenated, so a shared file declares each binding once.
macro_rules! kernel {
    ($device:expr, $($file:literal),+) => {
        $device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(concat!($(include_str!(concat!("kernels/", $file, ".wgsl"))),+).into()),
        })
    };
}

impl PipelineCache {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            frame_layout: bind_group_layout(
                device,
                &[uniform_binding(), storage_binding(), storage_binding()],
            ),
            material_layout: bind_group_layout(
                device,
                &[
                    uniform_binding(),
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    sampler_binding(true),
                    sampler_binding(true),
                    sampler_binding(true),
                    sampler_binding(true),
                    sampler_binding(true),
                    sampler_binding(true),
                ],
            ),
            light_layout: bind_group_layout(
                device,
                &[
                    filterable_texture_binding(),
                    filterable_texture_binding(),
                    sampler_binding(true),
                    sampler_binding(true),
                    depth_texture_binding(),
                    comparison_sampler_binding(),
                    filterable_texture_binding(),
                ],
            ),
            depth_map_layout: bind_group_layout(
                device,
                &[depth_texture_binding(), unfilterable_texture_binding()],
            ),
            surface: kernel!(
                device, "frame", "place", "matter", "light", "layers", "surface"
            ),
            depth: kernel!(device, "frame", "place", "matter", "depth"),
            ground: kernel!(device, "frame", "light", "ground"),
            background: kernel!(device, "frame", "sky", "light", "background"),
            occlusion: kernel!(device, "frame", "occlusion"),
            facing: kernel!(device, "frame", "place", "matter", "facing"),
            // Pipelines are compiled when they are first used: all variants would be thousands.
            cached_pipelines: Mutex::new(HashMap::new()),
        }
    }

    /// Returns the pipeline for `variant`, compiled at its first use.
    pub(super) fn get(&self, device: &Device, variant: PipelineVariant) -> RenderPipeline {
        let mut cached_pipelines = self
            .cached_pipelines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        cached_pipelines
            .entry(variant)
            // The lock is held during compilation: two workers that need the same pipeline would
            // otherwise compile it twice.
            .or_insert_with(|| self.create_pipeline(device, variant))
            .clone()
    }

    fn create_pipeline(&self, device: &Device, variant: PipelineVariant) -> RenderPipeline {
        let (module, vertex, fragment) = self.shader_entry_points(variant);
        let constants = pipeline_constants(variant);
        let options = PipelineCompilationOptions {
            constants: &constants,
            ..PipelineCompilationOptions::default()
        };
        let targets = [colour_target(variant)];
        let buffers = [Some(MeshVertex::LAYOUT)];
        let modelled = matches!(
            variant.pass_kind,
            PassKind::Surface
                | PassKind::Tint
                | PassKind::Depth
                | PassKind::Shadow
                | PassKind::Normals
        );
        // Passes without a mesh draw one surface whose winding does not matter.
        let culled = modelled && !variant.double_sided;
        device.create_render_pipeline(&RenderPipelineDescriptor {
            label: None,
            layout: Some(&self.pipeline_layout(device, variant.pass_kind)),
            vertex: VertexState {
                module,
                entry_point: Some(vertex),
                compilation_options: options.clone(),
                buffers: if modelled { &buffers } else { &[] },
            },
            primitive: PrimitiveState {
                cull_mode: culled.then_some(Face::Back),
                ..primitive_state(variant.pass_kind)
            },
            depth_stencil: depth_stencil_state(variant),
            multisample: MultisampleState {
                count: sample_count(variant.pass_kind),
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

    fn shader_entry_points(
        &self,
        variant: PipelineVariant,
    ) -> (&ShaderModule, &'static str, Option<&'static str>) {
        match variant.pass_kind {
            PassKind::Surface if variant.masked => {
                (&self.surface, "surface_vertex", Some("surface_masked"))
            }
            PassKind::Surface => (&self.surface, "surface_vertex", Some("surface")),
            PassKind::Tint => (&self.surface, "surface_vertex", Some("tint")),
            PassKind::Depth | PassKind::Shadow => (
                &self.depth,
                "depth_vertex",
                // An opaque depth pass has no fragment stage at all, which is the cheapest pass
                // there is.
                variant.masked.then_some("depth_masked"),
            ),
            PassKind::Ground => (&self.ground, "ground_vertex", Some("ground")),
            PassKind::GroundDepth => (&self.ground, "ground_vertex", None),
            PassKind::Background => (&self.background, "background_vertex", Some("background")),
            PassKind::Occlusion => (&self.occlusion, "cover_vertex", Some("occlusion")),
            PassKind::SmoothOcclusion => {
                (&self.occlusion, "cover_vertex", Some("occlusion_smooth"))
            }
            PassKind::Normals => (&self.facing, "facing_vertex", Some("facing")),
            PassKind::GroundNormals => (&self.ground, "ground_vertex", Some("ground_facing")),
        }
    }

    fn pipeline_layout(&self, device: &Device, pass_kind: PassKind) -> PipelineLayout {
        let groups: &[Option<&BindGroupLayout>] = match pass_kind {
            // Ground and background use no material. A hole in their layout makes lavapipe read
            // stale light, so the slot stays.
            PassKind::Surface | PassKind::Tint | PassKind::Ground | PassKind::Background => &[
                Some(&self.frame_layout),
                Some(&self.material_layout),
                Some(&self.light_layout),
            ],
            PassKind::Depth | PassKind::Shadow | PassKind::Normals => {
                &[Some(&self.frame_layout), Some(&self.material_layout)]
            }
            PassKind::GroundDepth | PassKind::GroundNormals => &[Some(&self.frame_layout)],
            PassKind::Occlusion | PassKind::SmoothOcclusion => {
                &[Some(&self.frame_layout), Some(&self.depth_map_layout)]
            }
        };
        device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: groups,
            immediate_size: 0,
        })
    }
}

fn primitive_state(pass_kind: PassKind) -> PrimitiveState {
    // The ground is one quad, which a strip of four vertices draws without a buffer.
    let topology = match pass_kind {
        PassKind::Ground | PassKind::GroundDepth | PassKind::GroundNormals => {
            wgpu::PrimitiveTopology::TriangleStrip
        }
        _ => wgpu::PrimitiveTopology::TriangleList,
    };
    PrimitiveState {
        topology,
        ..PrimitiveState::default()
    }
}

// Shadow, depth and occlusion are filtered when they are read; normals must not be averaged.
const fn sample_count(pass_kind: PassKind) -> u32 {
    if matches!(
        pass_kind,
        PassKind::Surface | PassKind::Tint | PassKind::Ground | PassKind::Background
    ) {
        SAMPLES_PER_PASS
    } else {
        1
    }
}

/// Returns the override constants that the shaders of this pass declare. An unknown name is an
/// error in wgpu, hence the lists.
fn pipeline_constants(variant: PipelineVariant) -> Vec<(&'static str, f64)> {
    let flag = |name, on: bool| (name, f64::from(u8::from(on)));
    let [base, rough, normal, occlusion, emissive, transmission] = variant.maps;
    match variant.pass_kind {
        PassKind::Surface | PassKind::Tint => vec![
            ("LAMPS", f64::from(variant.lamps)),
            flag("SKINNED", variant.skinned),
            flag("BLENDED", variant.blended),
            flag("UNLIT", variant.unlit),
            flag("TWO_SIDED", variant.double_sided),
            flag("BASE_COLOUR_MAP", base),
            flag("METALLIC_ROUGHNESS_MAP", rough),
            flag("NORMAL_MAP", normal),
            flag("OCCLUSION_MAP", occlusion),
            flag("EMISSIVE_MAP", emissive),
            flag("TRANSMISSION_MAP", transmission),
            flag("SECOND_UVS", variant.second_uvs),
            flag("SPECULAR_GLOSSINESS", variant.specular_glossiness),
            flag("TRANSMISSIVE", variant.transmissive),
            flag("CLEARCOAT", variant.clearcoat),
            flag("SHEEN", variant.sheen),
        ],
        PassKind::Depth | PassKind::Shadow => vec![
            flag("SKINNED", variant.skinned),
            flag("LIGHT", variant.pass_kind == PassKind::Shadow),
            flag("BASE_COLOUR_MAP", base),
            flag("SECOND_UVS", variant.second_uvs),
        ],
        PassKind::Normals => vec![
            flag("SKINNED", variant.skinned),
            flag("TWO_SIDED", variant.double_sided),
            flag("MASKED", variant.masked),
            flag("BASE_COLOUR_MAP", base),
            flag("SECOND_UVS", variant.second_uvs),
        ],
        PassKind::Ground => vec![("LAMPS", f64::from(variant.lamps))],
        _ => Vec::new(),
    }
}

/// Multiplies the picture with a colour.
const MULTIPLY: BlendState = blend_state(BlendFactor::Dst, BlendFactor::Zero);
/// Adds light to the picture.
const ADD: BlendState = blend_state(BlendFactor::One, BlendFactor::One);

const fn blend_state(source: BlendFactor, picture: BlendFactor) -> BlendState {
    let component = BlendComponent {
        src_factor: source,
        dst_factor: picture,
        operation: BlendOperation::Add,
    };
    BlendState {
        color: component,
        alpha: component,
    }
}

fn colour_target(variant: PipelineVariant) -> Option<ColorTargetState> {
    // Premultiplied: the ground can then darken (black with alpha) and shine in one blend mode.
    let over = Some(BlendState::PREMULTIPLIED_ALPHA_BLENDING);
    let (format, blend) = match variant.pass_kind {
        PassKind::Tint => (COLOUR_FORMAT, Some(MULTIPLY)),
        PassKind::Surface if variant.transmissive => (COLOUR_FORMAT, Some(ADD)),
        PassKind::Surface => (COLOUR_FORMAT, over.filter(|_| variant.blended)),
        PassKind::Ground => (COLOUR_FORMAT, over),
        PassKind::Background | PassKind::Normals | PassKind::GroundNormals => (COLOUR_FORMAT, None),
        PassKind::Occlusion | PassKind::SmoothOcclusion => (AO_FORMAT, None),
        PassKind::Depth | PassKind::Shadow | PassKind::GroundDepth => return None,
    };
    Some(ColorTargetState {
        format,
        blend,
        write_mask: ColorWrites::ALL,
    })
}

/// Returns the depth test. The camera's depth is reversed (near is 1), the light's is not.
fn depth_stencil_state(variant: PipelineVariant) -> Option<DepthStencilState> {
    let light = variant.pass_kind == PassKind::Shadow;
    let compare = if light {
        CompareFunction::LessEqual
    } else {
        CompareFunction::GreaterEqual
    };
    // Slope-scaled bias, since a constant one either leaves acne on steep walls or detaches shadows
    // from feet. The shader moves along the normal for the rest.
    let bias = DepthBiasState {
        constant: 0,
        slope_scale: 1.6,
        clamp: 0.0,
    };
    // The ground fades out, so it must not hide what is behind its transparent part. A transparent
    // mesh must not hide another.
    let writes = !variant.is_transparent()
        && !matches!(variant.pass_kind, PassKind::Background | PassKind::Ground);
    let state = DepthStencilState {
        format: DEPTH_FORMAT,
        depth_write_enabled: Some(writes),
        depth_compare: Some(compare),
        stencil: StencilState::default(),
        bias: if light {
            bias
        } else {
            DepthBiasState::default()
        },
    };
    (!matches!(
        variant.pass_kind,
        PassKind::Occlusion | PassKind::SmoothOcclusion
    ))
    .then_some(state)
}

fn bind_group_layout(device: &Device, kinds: &[BindingType]) -> BindGroupLayout {
    let entries: Vec<BindGroupLayoutEntry> = (0..)
        .zip(kinds)
        .map(|(binding, ty)| BindGroupLayoutEntry {
            binding,
            // One visibility for all entries, so that a layout serves kernels that read it in
            // either stage.
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

const fn uniform_binding() -> BindingType {
    BindingType::Buffer {
        ty: BufferBindingType::Uniform,
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

const fn storage_binding() -> BindingType {
    let ty = BufferBindingType::Storage { read_only: true };
    BindingType::Buffer {
        ty,
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

const fn sampler_binding(filtering: bool) -> BindingType {
    BindingType::Sampler(if filtering {
        SamplerBindingType::Filtering
    } else {
        SamplerBindingType::NonFiltering
    })
}

const fn comparison_sampler_binding() -> BindingType {
    BindingType::Sampler(SamplerBindingType::Comparison)
}

const fn texture_binding(sample_type: TextureSampleType) -> BindingType {
    BindingType::Texture {
        sample_type,
        view_dimension: TextureViewDimension::D2,
        multisampled: false,
    }
}

const fn filterable_texture_binding() -> BindingType {
    texture_binding(TextureSampleType::Float { filterable: true })
}

const fn unfilterable_texture_binding() -> BindingType {
    texture_binding(TextureSampleType::Float { filterable: false })
}

const fn depth_texture_binding() -> BindingType {
    texture_binding(TextureSampleType::Depth)
}
