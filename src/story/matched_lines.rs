//! Which lines of one text are also in another, in the same order.

/// Most pairs that are compared. Above it, only the beginnings and the ends that are equal match: a
/// table of all pairs would take too much memory.
const MOST_PAIRS: usize = 4_000_000;

/// Returns the indices of equal lines, as many as keep their order in both.
pub(super) fn matched_lines<T: PartialEq>(first: &[T], second: &[T]) -> Vec<(usize, usize)> {
    let start = first
        .iter()
        .zip(second)
        .take_while(|(one, other)| one == other)
        .count();
    let (first_rest, second_rest) = (&first[start..], &second[start..]);
    let end = first_rest
        .iter()
        .rev()
        .zip(second_rest.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let first_middle = &first_rest[..first_rest.len() - end];
    let second_middle = &second_rest[..second_rest.len() - end];
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|index| (index, index)).collect();
    let middle = longest_common(first_middle, second_middle);
    pairs.extend(
        middle
            .iter()
            .map(|(one, other)| (start + one, start + other)),
    );
    let tail = (0..end).rev();
    pairs.extend(tail.map(|back| (first.len() - 1 - back, second.len() - 1 - back)));
    pairs
}

/// Returns the longest common subsequence, by the usual table.
fn longest_common<T: PartialEq>(first: &[T], second: &[T]) -> Vec<(usize, usize)> {
    if first.len().saturating_mul(second.len()) > MOST_PAIRS {
        return Vec::new();
    }
    // `lengths[i][j]` is the length for what begins at `i` and `j`.
    let width = second.len() + 1;
    let mut lengths = vec![0_u32; (first.len() + 1) * width];
    for i in (0..first.len()).rev() {
        for j in (0..second.len()).rev() {
            lengths[i * width + j] = if first[i] == second[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < first.len() && j < second.len() {
        if first[i] == second[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::matched_lines;

    #[test]
    fn equal_lines_match_in_order_around_what_changed() {
        let pairs = |one: &str, other: &str| {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            matched_lines(&chars(one), &chars(other))
        };
        assert_eq!(pairs("abc", "abc"), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(pairs("abc", "axc"), [(0, 0), (2, 2)]);
        assert_eq!(pairs("abcd", "bd"), [(1, 0), (3, 1)]);
        assert_eq!(pairs("ab", ""), []);
        assert_eq!(pairs("abcbd", "acbxd"), [(0, 0), (2, 1), (3, 2), (4, 4)]);
    }
}
