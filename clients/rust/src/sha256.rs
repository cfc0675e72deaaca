//! SHA-256, as FIPS 180-4 has it.

/// The first 32 bits of the fractional parts of the roots (square: 2, cube: 3) of the first primes.
fn constants(count: usize, root: u32) -> Vec<u32> {
    let is_prime = |n: &u64| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0);
    (2..)
        .filter(is_prime)
        .take(count)
        .map(|prime| fraction_of_root(u128::from(prime), root))
        .collect()
}

/// By bisection in whole numbers: floor(root(prime) * 2^32), of which the low half counts.
fn fraction_of_root(prime: u128, root: u32) -> u32 {
    let (mut low, mut high) = (0u128, 1u128 << 37);
    let target = prime << (32 * root);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if middle.pow(root) <= target {
            low = middle
        } else {
            high = middle
        }
    }
    low as u32
}

/// Lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let rounds = constants(64, 3);
    let mut hash = constants(8, 2);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - bytes.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut words: Vec<u32> = block
            .chunks(4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let small = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let large = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words.push(
                words[at - 16]
                    .wrapping_add(small)
                    .wrapping_add(words[at - 7])
                    .wrapping_add(large),
            );
        }
        let mut state = hash.clone();
        for (word, round) in words.iter().zip(&rounds) {
            let (a, e) = (state[0], state[4]);
            let choice = (e & state[5]) ^ (!e & state[6]);
            let sum = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = state[7]
                .wrapping_add(sum)
                .wrapping_add(choice)
                .wrapping_add(*round)
                .wrapping_add(*word);
            let majority = (a & state[1]) ^ (a & state[2]) ^ (state[1] & state[2]);
            let second = (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).wrapping_add(majority);
            state.rotate_right(1);
            state[4] = state[4].wrapping_add(first);
            state[0] = first.wrapping_add(second);
        }
        for (sum, word) in hash.iter_mut().zip(state) {
            *sum = sum.wrapping_add(word);
        }
    }
    hash.iter().map(|word| format!("{word:08x}")).collect()
}

#[test]
fn gives_what_the_standard_says() {
    assert_eq!(
        sha256(b""),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        sha256(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        sha256(&[b'a'; 1_000_000]),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
}
