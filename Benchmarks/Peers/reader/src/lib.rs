/// The priority of a candidate pair (RFC 8445 §6.1.2.3).
pub fn pair_priority(controlling: u32, controlled: u32) -> u64 {
    let (g, d) = (u64::from(controlling), u64::from(controlled));
    (g.min(d) << 32) + 2 * g.max(d) + u64::from(g > d)
}

#[cfg(test)]
mod tests {
    use super::pair_priority;

    #[test]
    fn the_lower_priority_stands_in_the_upper_32_bits() {
        assert_eq!(pair_priority(1, 3) >> 32, 1);
        assert_eq!(pair_priority(3, 1) >> 32, 1);
    }

    #[test]
    fn twice_the_higher_priority_stands_below_it() {
        assert_eq!(pair_priority(1, 3) & 0xFFFF_FFFE, 6);
    }

    #[test]
    fn the_last_bit_says_that_the_controlling_side_has_the_higher_one() {
        assert_eq!(pair_priority(3, 1) & 1, 1);
        assert_eq!(pair_priority(1, 3) & 1, 0);
        assert_eq!(pair_priority(3, 3) & 1, 0);
    }

    #[test]
    fn priorities_as_they_really_are_fit() {
        assert_eq!(pair_priority(2_130_706_431, 1_694_498_815), 7_277_816_997_797_167_103);
    }
}
