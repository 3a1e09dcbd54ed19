//! What may be replaced on real disks: links, folders of version control, folders without
//! permission.

use super::*;
use crate::store::disk::LocalDisk;
use crate::store::disk::testing::FaultyDisk;
use std::sync::Arc;

/// Returns the problem of putting a film at a path of a folder on the disk.
fn film_problem(root: &Path, store: &str, path: &str) -> Option<PlaceProblem> {
    let request = PlaceRequest {
        path: path.into(),
        is_folder: false,
        files: None,
        names: None,
    };
    let layout = StoreLayout::new(root.join(store));
    let permit = ReplacePermit {
        replace: [path.into()].into(),
        protected: [(
            root.canonicalize().unwrap().join("production.yaml"),
            "the document".to_owned(),
        )]
        .into(),
        document: String::new(),
    };
    let mut surveyed = survey_places(&layout, root, &[request], &permit).unwrap();
    surveyed.remove(0).err()
}

#[test]
fn a_folder_without_permission_is_found_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    let locked = folder.path().join("out");
    let faulty = FaultyDisk::with_faults(LocalDisk, move |_, path| {
        (path == locked).then(|| io::ErrorKind::ReadOnlyFilesystem.into())
    });
    let layout = StoreLayout::on_disk(Arc::new(faulty), folder.path().join("store"));
    let problem = |path: &str| {
        let request = PlaceRequest {
            path: path.into(),
            is_folder: false,
            files: None,
            names: None,
        };
        let permit = ReplacePermit::default();
        let mut surveyed = survey_places(&layout, folder.path(), &[request], &permit).unwrap();
        surveyed.remove(0).err()
    };
    for path in ["out/film.mp4", "out/deep/er/film.mp4"] {
        let Some(PlaceProblem::NotWritable(found, reason)) = problem(path) else {
            panic!("{path}");
        };
        assert_eq!(found, Path::new("out"));
        assert!(reason.contains("read-only"), "{reason}");
    }
    assert_eq!(problem("film.mp4"), None);
}

#[test]
fn some_paths_cannot_be_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["production.yaml", "file"] {
        std::fs::write(root.join(name), "").unwrap();
    }
    let problem = |path: &str| film_problem(root, "out/store", path);
    let git = Some(PlaceProblem::Protected("the folder `.git`".to_owned()));
    assert_eq!(problem(".git"), git);
    assert_eq!(problem("out/.git/film.mp4"), git);
    assert_eq!(
        problem(".GIT/film.mp4"),
        Some(PlaceProblem::Protected("the folder `.GIT`".to_owned()))
    );
    for path in ["", ".", "out/..", "../film.mp4", "/film.mp4"] {
        assert_eq!(problem(path), Some(PlaceProblem::Outside), "{path}");
    }
    for path in ["out", "out/store", "out/store/blobs/film.mp4"] {
        assert_eq!(problem(path), Some(PlaceProblem::InStore), "{path}");
    }
    assert_eq!(
        problem("production.yaml"),
        Some(PlaceProblem::Protected("the document".to_owned()))
    );
    assert_eq!(
        problem("file/film.mp4"),
        Some(PlaceProblem::FileInPath("file".into()))
    );
    assert_eq!(problem("film.mp4"), None);
    // `validate` has a rule for names that are too long; looking there is no failure.
    assert_eq!(problem(&"n".repeat(300)), None);
}

#[cfg(unix)]
#[test]
fn links_are_followed_before_a_path_is_judged() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("linked/store/blobs")).unwrap();
    std::fs::create_dir(root.join(".git")).unwrap();
    symlink("linked", root.join("to_store_parent")).unwrap();
    symlink("linked/store/blobs", root.join("to_store")).unwrap();
    symlink(".git", root.join("to_git")).unwrap();
    symlink(".", root.join("to_root")).unwrap();
    symlink(elsewhere.path(), root.join("to_elsewhere")).unwrap();
    symlink("nothing", root.join("dead")).unwrap();
    let problem = |path: &str| film_problem(root, "linked/store", path);
    assert_eq!(problem("to_store/film.mp4"), Some(PlaceProblem::InStore));
    assert_eq!(problem("to_store_parent"), Some(PlaceProblem::InStore));
    assert_eq!(problem("to_root"), Some(PlaceProblem::Outside));
    assert_eq!(
        problem("to_elsewhere/film.mp4"),
        Some(PlaceProblem::Outside)
    );
    assert_eq!(
        problem("to_git/film.mp4"),
        Some(PlaceProblem::Protected("the folder `.git`".to_owned()))
    );
    // The link itself is what would be replaced, and that is allowed here.
    assert_eq!(problem("dead"), None);
    // A folder behind it cannot be made.
    symlink("round", root.join("round")).unwrap();
    for name in ["dead", "round"] {
        assert_eq!(
            problem(&format!("{name}/film.mp4")),
            Some(PlaceProblem::DeadLinkInPath(name.into()))
        );
    }
    assert_eq!(
        film_problem(root, "to_store_parent/store", "linked/a.mp4"),
        None
    );
    assert_eq!(
        film_problem(root, "to_store_parent/store", "linked/store/a.mp4"),
        Some(PlaceProblem::InStore)
    );
}

#[test]
fn outputs_that_differ_only_in_the_case_of_letters_share_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let layout = StoreLayout::new(folder.path().join("store"));
    let paths = [".", "out/Film.mp4", "out/other.mp4", "out/film.mp4"];
    let requests = paths.map(|path| PlaceRequest {
        path: path.into(),
        is_folder: false,
        files: None,
        names: None,
    });
    let permit = ReplacePermit::default();
    let surveyed = survey_places(&layout, folder.path(), &requests, &permit).unwrap();
    let problems: Vec<_> = surveyed.into_iter().map(Result::err).collect();
    assert_eq!(
        problems,
        [
            Some(PlaceProblem::Outside),
            None,
            None,
            Some(PlaceProblem::SharedWith("out/Film.mp4".into()))
        ],
        "a path that is wrong by itself takes no place from the others"
    );
}
