//! Numbers for all scenes: written ones as they are, others counted around them.

use super::ScriptScene;
use crate::model::SceneNumber;
use std::collections::HashSet;

/// Returns a number for every scene, in order and each different. A scene keeps its written number
/// unless an earlier scene has it.
pub(super) fn number_scenes(scenes: &[ScriptScene]) -> Vec<SceneNumber> {
    // Written numbers first, wherever they are: a counted one must not take a later scene's.
    let mut taken: HashSet<SceneNumber> = HashSet::new();
    // A scene that is in the film comes before one that is omitted.
    let mut numbers: Vec<Option<SceneNumber>> = vec![None; scenes.len()];
    for is_omitted in [false, true] {
        for (scene, number) in scenes.iter().zip(&mut numbers) {
            *number = number.take().or_else(|| {
                let written = scene
                    .written_number()
                    .filter(|_| scene.omitted == is_omitted)?;
                taken.insert(written.clone()).then_some(written)
            });
        }
    }
    let first_written = numbers.iter().flatten().next().cloned();
    let mut counter = SceneCounter {
        taken,
        before: None,
        inserted: 0,
        first_written,
    };
    numbers
        .into_iter()
        .map(|number| match number {
            Some(written) => counter.pass_written(written),
            None => counter.next_number(),
        })
        .collect()
}

/// Counts as a shooting script does: a scene after 5 is 6, or 5A if there is a 6 elsewhere. One
/// before all others is A1 if there is a 1.
struct SceneCounter {
    taken: HashSet<SceneNumber>,
    /// The last number that letters are added to.
    before: Option<SceneNumber>,
    /// How many letters, or pairs of letters, were tried behind it.
    inserted: u32,
    first_written: Option<SceneNumber>,
}

impl SceneCounter {
    fn pass_written(&mut self, number: SceneNumber) -> SceneNumber {
        self.before = Some(number.clone());
        self.inserted = 0;
        number
    }

    fn next_number(&mut self) -> SceneNumber {
        let count = self
            .before
            .as_ref()
            .map_or(Some(0), SceneNumber::as_plain)
            .and_then(|count| count.checked_add(1));
        let counted = count
            .map(SceneNumber::from_count)
            // After the first letter, counting has ended until the next written number.
            .filter(|counted| self.inserted == 0 && !self.taken.contains(counted));
        let number = match counted {
            Some(counted) => self.pass_written(counted),
            None => self.inserted_number(),
        };
        self.taken.insert(number.clone());
        number
    }

    fn inserted_number(&mut self) -> SceneNumber {
        loop {
            let letters = letter_suffix(self.inserted);
            self.inserted += 1;
            let text = match (&self.before, &self.first_written) {
                (Some(before), _) => format!("{before}{letters}"),
                (None, Some(first)) => format!("{letters}{first}"),
                (None, None) => letters,
            };
            // A number that is too long to be one loses its beginning.
            let number = SceneNumber::parse(&text).unwrap_or_else(|| self.short_number());
            if !self.taken.contains(&number) {
                return number;
            }
        }
    }

    /// Returns a number that has letters and the count of scenes, for lack of room for more.
    fn short_number(&self) -> SceneNumber {
        let text = format!("X{}-{}", self.taken.len(), self.inserted);
        SceneNumber::parse(&text).unwrap_or_else(|| SceneNumber::from_count(u32::MAX))
    }
}

/// Returns A to Z, then AA, AB and so on.
fn letter_suffix(index: u32) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    match (index / 26).checked_sub(1) {
        Some(rest) => format!("{}{letter}", letter_suffix(rest)),
        None => letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::fountain::tests::screenplay;
    use proptest::prelude::*;

    /// Returns the numbers of scenes whose headings end with these.
    fn counted(written: &[&str]) -> Vec<String> {
        let headings: String = written
            .iter()
            .map(|number| match *number {
                "" => "INT. A - DAY\n\n".to_owned(),
                number => format!("INT. A - DAY #{number}#\n\n"),
            })
            .collect();
        let numbers = screenplay(&headings).0.scene_numbers();
        numbers.iter().map(SceneNumber::to_string).collect()
    }

    #[test]
    fn scenes_without_numbers_are_counted() {
        assert_eq!(counted(&["", "", ""]), ["1", "2", "3"]);
        assert_eq!(counted(&["1", "", "3"]), ["1", "2", "3"]);
    }

    #[test]
    fn written_numbers_stay_in_the_order_of_the_script() {
        let written = ["1", "5", "3", "A2", "2", "2A", "1-3", "I-1"];
        assert_eq!(counted(&written), written);
    }

    #[test]
    fn a_counted_number_is_none_that_is_written() {
        assert_eq!(counted(&["", "1", "2"]), ["A1", "1", "2"]);
        assert_eq!(counted(&["", "", "1"]), ["A1", "B1", "1"]);
        assert_eq!(counted(&["1", "", "", "2"]), ["1", "1A", "1B", "2"]);
        assert_eq!(counted(&["1", "1A", "", "2"]), ["1", "1A", "1AA", "2"]);
        assert_eq!(counted(&["", "1", "A1"]), ["B1", "1", "A1"]);
        assert_eq!(counted(&["5", "", "7", "", ""]), ["5", "6", "7", "8", "9"]);
    }

    #[test]
    fn of_two_scenes_with_one_number_the_second_is_counted() {
        assert_eq!(counted(&["1", "1", "2"]), ["1", "1A", "2"]);
        assert_eq!(counted(&["5a", "5A", "05A"]), ["5a", "5aA", "5aB"]);
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 51, 52, 702].map(letter_suffix),
            ["A", "Z", "AA", "AZ", "BA", "AAA"]
        );
    }

    proptest! {
        #[test]
        fn every_scene_has_a_number_of_its_own(
            written in prop::collection::vec(prop::sample::select(vec!["", "", "1", "2", "3", "1A", "1B", "A1", "B1", "1-1", "11111111111111111111111111111111"]), 0..20)
        ) {
            let numbers = counted(&written);
            let distinct: HashSet<&String> = numbers.iter().collect();
            prop_assert_eq!(distinct.len(), written.len());
            // A written number is that of the first scene that has it.
            for (index, number) in written.iter().enumerate() {
                if !number.is_empty() && !written[..index].contains(number) {
                    prop_assert_eq!(&numbers[index], number);
                }
            }
        }
    }
}
