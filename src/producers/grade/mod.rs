//! Grading: scene-linear frames become display pictures.

mod bloom;
mod frame_grader;
mod grade_chain;
mod grade_producer;

pub use frame_grader::FrameGrader;
pub use grade_chain::grade_image;
pub(super) use grade_producer::GradeProducer;
