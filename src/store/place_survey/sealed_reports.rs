//! What a survey learns from sealed reports beside deliverables: what a deleted store delivered,
//! and what other documents of the folder did.

use super::SurveyedPlace;
use super::entry_fate::FoundEntry;
use super::place_request::{PlaceRequest, entry_path, inner_path};
use super::{FoundPlace, PlaceSurvey};
use crate::base::Digest;
use crate::model::{ForeignKind, PlaceProblem};
use crate::store::delivery_history::{DeliveredContent, DeliveryHistory};
use crate::store::delivery_seal::{SealedDeliverable, SealedReport, folder_digest, read_sealed};
use crate::store::disk::DiskEntryKind;
use crate::store::report_names::ReportNames;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl PlaceSurvey<'_> {
    /// Adds what the report beside the deliverables says, for a store that was deleted. What cannot
    /// be read is left out.
    pub(super) fn add_reported(
        &self,
        requests: &[PlaceRequest],
        found: &[FoundPlace],
        history: &mut DeliveryHistory,
    ) {
        let disk = self.layout.disk();
        let paths = requests
            .iter()
            .map(|request| entry_path(request, Path::new("")));
        // By path: a report names the deliverables of its folder in any order.
        let found_at: BTreeMap<PathBuf, &FoundPlace> = paths.zip(found).collect();
        // A report is a file.
        for request in requests.iter().filter(|request| !request.is_folder) {
            let path = entry_path(request, Path::new(""));
            // Its name may begin with that of the document.
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            if !name.ends_with(b"report.json") {
                continue;
            }
            let Ok(bytes) = disk.read_bytes(&self.root.join(&path)) else {
                continue;
            };
            let Some(sealed) = std::str::from_utf8(&bytes).ok().and_then(read_sealed) else {
                continue;
            };
            let folder = path.parent().unwrap_or(Path::new(""));
            if !sealed.is_of_folder(folder)
                || sealed.is_of_other_document(self.root, &self.permit.document)
            {
                continue;
            }
            // The report itself is not in its own list. Its seal says that it is as it was written.
            let report = DeliveredContent {
                size: bytes.len() as u64,
                digest: Digest::hash_bytes(&bytes),
                place: path.clone(),
            };
            history.add_file(path, report);
            for deliverable in sealed.delivered {
                if let Some(Ok(entries)) = found_at.get(&deliverable.path) {
                    self.add_sealed(&deliverable, entries, history);
                }
            }
        }
    }

    /// Adds the files of one deliverable, if they are all there as the report says.
    fn add_sealed(
        &self,
        deliverable: &SealedDeliverable,
        entries: &[FoundEntry],
        history: &mut DeliveryHistory,
    ) {
        let disk = self.layout.disk();
        let mut contents = Vec::new();
        for entry in entries {
            let path = self.root.join(inner_path(&deliverable.path, &entry.inner));
            match entry.metadata.kind {
                DiskEntryKind::Folder => {}
                // The program delivers neither links nor devices, so this is not what the report is
                // about.
                DiskEntryKind::Other => return,
                DiskEntryKind::File => match disk.hash_file(&path) {
                    Ok(digest) => contents.push((entry, digest)),
                    Err(_) => return,
                },
            }
        }
        // No deliverable of ours has a name that is no text.
        let named: Option<Vec<(&str, Digest)>> = contents
            .iter()
            .map(|(entry, digest)| Some((entry.inner.to_str()?, *digest)))
            .collect();
        let digest = match contents.as_slice() {
            [(_, digest)] if !deliverable.folder => Some(*digest),
            _ => named.map(|named| folder_digest(named.into_iter())),
        };
        // Changed since, so it is the user's now.
        if digest != Some(deliverable.digest) {
            return;
        }
        for (entry, digest) in contents {
            let content = DeliveredContent {
                size: entry.metadata.stamp.size,
                digest,
                place: deliverable.path.clone(),
            };
            history.add_file(inner_path(&deliverable.path, &entry.inner), content);
        }
        if deliverable.folder {
            history.add_folder(deliverable.path.clone());
        }
    }

    /// Says of deliverables of another document that they are, by the report beside them. Otherwise
    /// the message would say that no run put them there.
    pub(super) fn name_other_documents(
        &self,
        requests: &[PlaceRequest],
        decided: &mut [Result<SurveyedPlace, PlaceProblem>],
    ) {
        // Only what is refused already is looked at, so this costs nothing in the usual
        // case.
        let mut reports: BTreeMap<PathBuf, Option<SealedReport>> = BTreeMap::new();
        for (request, decision) in requests.iter().zip(decided) {
            let Err(PlaceProblem::NotOurs(entries)) = decision else {
                continue;
            };
            let place = entry_path(request, Path::new(""));
            let folder = place.parent().unwrap_or(Path::new("")).to_owned();
            // Each report is read once, because a folder may have thousands of deliverables.
            let report = reports.entry(folder).or_insert_with_key(|folder| {
                let path = self.root.join(folder).join(ReportNames::default().data());
                let bytes = self.layout.disk().read_bytes(&path).ok()?;
                let sealed = read_sealed(std::str::from_utf8(&bytes).ok()?)?;
                sealed
                    .is_of_other_document(self.root, &self.permit.document)
                    .then_some(sealed)
            });
            let delivered = report.iter().flat_map(|report| &report.delivered);
            if delivered
                .map(|other| &other.path)
                .any(|path| *path == place)
            {
                entries
                    .iter_mut()
                    .filter(|entry| entry.kind == ForeignKind::File)
                    .for_each(|entry| entry.kind = ForeignKind::OtherDocument);
            }
        }
    }
}
