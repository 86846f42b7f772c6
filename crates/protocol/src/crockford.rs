//! Crockford's base 32: symbols that survive being read aloud and typed.

/// The 32 symbols in the order of their values.
pub const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The symbol for a value below 32.
#[must_use]
pub fn symbol(value: u8) -> char {
    SYMBOLS
        .get(usize::from(value % 32))
        .map_or('0', |byte| char::from(*byte))
}

/// The value of a normalised symbol.
#[must_use]
pub fn value(symbol: char) -> Option<u8> {
    let byte = u8::try_from(symbol).ok()?;
    SYMBOLS
        .iter()
        .position(|known| *known == byte)
        .and_then(|at| u8::try_from(at).ok())
}

/// Upper case, with the letters that are mistaken for digits read as digits:
/// `O` as 0, `I` and `L` as 1.
#[must_use]
pub fn normalise(symbol: char) -> char {
    match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}
