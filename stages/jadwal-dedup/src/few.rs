//! A list of at most `N` values that lies where its owner lies: thousands of sketches are looked at for
//! each document, and following a pointer costs more than a look.

use std::ops::{Deref, DerefMut};

/// Up to `N` values.
#[derive(Clone, Copy)]
pub(crate) struct Few<T, const N: usize> {
    count: u16,
    values: [T; N],
}

impl<T: Copy + Default, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self {
            count: 0,
            values: [T::default(); N],
        }
    }
}

impl<T, const N: usize> Few<T, N> {
    /// Appends `value`; returns whether there was room.
    pub(crate) fn push(&mut self, value: T) -> bool {
        let Some(place) = self.values.get_mut(usize::from(self.count)) else {
            return false;
        };
        *place = value;
        self.count += 1;
        true
    }
}

/// Takes the first `N`.
impl<T: Copy + Default, const N: usize> FromIterator<T> for Few<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut few = Self::default();
        for value in values {
            if !few.push(value) {
                break;
            }
        }
        few
    }
}

impl<T, const N: usize> Deref for Few<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[..usize::from(self.count)]
    }
}

impl<T, const N: usize> DerefMut for Few<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values[..usize::from(self.count)]
    }
}

impl<T: PartialEq, const N: usize> PartialEq for Few<T, N> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq, const N: usize> Eq for Few<T, N> {}

impl<T: std::fmt::Debug, const N: usize> std::fmt::Debug for Few<T, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_are_kept() {
        let few: Few<u8, 3> = (1..9).collect();
        assert_eq!(*few, [1, 2, 3]);
        assert_eq!(few, [1, 2, 3].into_iter().collect());
        let mut one = Few::<u8, 2>::default();
        assert!(one.is_empty() && one.push(7) && one.push(8) && !one.push(9));
        assert_eq!(*one, [7, 8]);
    }
}
