//! Numbers that look random and are the same at each run.

/// A generator, by its seed.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    /// The next number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
