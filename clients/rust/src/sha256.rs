//! SHA-256, as FIPS 180-4 has it.

use std::array::from_fn;

const WORD: u64 = u32::MAX as u64; // Sums are modulo 2³².

/// The first 32 bits of the fractional parts of the roots of the first primes.
fn fractions<const COUNT: usize>(root: fn(f64) -> f64) -> [u64; COUNT] {
    let mut primes = (2_u32..).filter(|number| (2..*number).all(|divisor| number % divisor != 0));
    from_fn(|_| (root(primes.next().expect("there is always another").into()).fract() * 2_f64.powi(32)) as u64)
}

/// The word rotated to the right by each of these, taken together; from 32 on it is only shifted.
fn mix(word: u64, by: [u32; 3]) -> u64 {
    let twice = word << 32 | word;
    (twice >> by[0] ^ twice >> by[1] ^ twice >> by[2]) & WORD
}

/// In lower-case hex.
pub(crate) fn sha256(mut message: Vec<u8>) -> String {
    let bits = message.len() as u64 * 8;
    message.push(0x80);
    message.resize((message.len() + 8).next_multiple_of(64) - 8, 0);
    message.extend(bits.to_be_bytes());
    let (mut hash, constants): ([_; 8], [_; 64]) = (fractions(f64::sqrt), fractions(f64::cbrt));
    for block in message.chunks_exact(64) {
        let mut words = Vec::from_iter(block.chunks(4).map(|four| u32::from_be_bytes(four.try_into().unwrap()) as u64));
        let mut next = hash;
        for at in 0..64 {
            let [a, b, c, d, e, f, g, h] = next;
            let first = h + mix(e, [6, 11, 25]) + (e & f ^ !e & g) + constants[at] + words[at];
            let second = mix(a, [2, 13, 22]) + (a & b ^ a & c ^ b & c);
            next = [(first + second) & WORD, a, b, c, (d + first) & WORD, e, f, g];
            let (small, large) = (mix(words[at + 1], [7, 18, 35]), mix(words[at + 14], [17, 19, 42]));
            words.push((words[at] + small + words[at + 9] + large) & WORD); // for the round 16 later
        }
        hash = from_fn(|at| (hash[at] + next[at]) & WORD);
    }
    hash.iter().map(|word| format!("{word:08x}")).collect()
}

#[test]
fn gives_what_the_standard_says() {
    let of = |message: &[u8]| sha256(message.to_vec());
    assert_eq!(of(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(of(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(of(&[b'a'; 55]), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    assert_eq!(of(&[b'a'; 64]), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    assert_eq!(of(&[b'a'; 1_000_000]), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
