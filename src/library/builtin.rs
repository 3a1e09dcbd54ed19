//! The files of `configs/`, embedded.

/// Returns each kind with its text.
pub(super) const fn files() -> [(&'static str, &'static str); 12] {
    [
        ("shots", include_str!("../../configs/shots.yaml")),
        ("styles", include_str!("../../configs/styles.yaml")),
        ("grades", include_str!("../../configs/grades.yaml")),
        ("moves", include_str!("../../configs/moves.yaml")),
        ("lenses", include_str!("../../configs/lenses.yaml")),
        ("sensors", include_str!("../../configs/sensors.yaml")),
        ("quality", include_str!("../../configs/quality.yaml")),
        ("environments", include_str!("../../configs/environments.yaml")),
        ("locations", include_str!("../../configs/locations.yaml")),
        ("outputs", include_str!("../../configs/outputs.yaml")),
        ("palettes", include_str!("../../configs/palettes.yaml")),
        ("consoles", include_str!("../../configs/consoles.yaml")),
    ]
}
