//! Grading: scene-linear frames become display pictures.

mod bloom;
mod frame_grader;
mod grade_chain;

pub use frame_grader::FrameGrader;
pub use grade_chain::grade_image;
