//! What backends do alike with values and errors, whatever their driver.
//!
//! Absent on purpose: any driver's types; how ids, times and documents lie in columns is each backend's own.

use jiff::Timestamp;

use crate::commit::StoreError;

/// A hash as its 32 bytes.
///
/// # Errors
/// [`StoreError::Unreadable`] when it is not 64 lower-case hexadecimal digits.
pub fn hash_bytes(hex: &str) -> Result<[u8; 32], StoreError> {
    let no_hash = || StoreError::Unreadable("a hash must be 64 hexadecimal digits".to_owned());
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(no_hash()),
    };
    let text: &[u8; 64] = hex.as_bytes().try_into().map_err(|_| no_hash())?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

/// 32 bytes as a hash in lower-case hexadecimal.
pub fn hash_text(bytes: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

/// A count as engines hold it: their integers are signed.
///
/// # Errors
/// [`StoreError::Unreadable`] beyond `i64::MAX`.
pub fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Unreadable(format!("{number} is no count")))
}

/// The time a key of milliseconds stands for; beyond what times there are, the last one.
pub fn at_millis(key: i64) -> Timestamp {
    Timestamp::from_millisecond(key).unwrap_or(if key < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Declares a backend's `Fault`: an error inside a unit of work, of its engine or in the ports' words. `$meaning` tells
/// an engine's error in the ports' words.
#[macro_export]
macro_rules! fault {
    ($engine:ty, $meaning:path) => {
        /// An error inside a unit of work.
        #[derive(Debug)]
        pub(crate) enum Fault {
            Engine($engine),
            Store($crate::StoreError),
        }

        impl From<$engine> for Fault {
            fn from(error: $engine) -> Self {
                Self::Engine(error)
            }
        }

        impl From<::serde_json::Error> for Fault {
            fn from(error: ::serde_json::Error) -> Self {
                Self::Store($crate::StoreError::Unreadable(error.to_string()))
            }
        }

        impl From<$crate::StoreError> for Fault {
            fn from(error: $crate::StoreError) -> Self {
                Self::Store(error)
            }
        }

        impl From<Fault> for $crate::StoreError {
            fn from(fault: Fault) -> Self {
                match fault {
                    Fault::Engine(error) => $meaning(&error),
                    Fault::Store(error) => error,
                }
            }
        }

        impl From<Fault> for $crate::CommitError {
            fn from(fault: Fault) -> Self {
                Self::Store(fault.into())
            }
        }

        impl From<Fault> for $crate::ApplyError {
            fn from(fault: Fault) -> Self {
                Self::Store(fault.into())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_hashes_are_hashes() {
        let hex = "00ff10".to_owned() + &"ab".repeat(29);
        let bytes = hash_bytes(&hex).unwrap();
        assert_eq!(bytes[..4], [0, 255, 16, 0xab]);
        assert_eq!(hash_text(&bytes), hex);
        assert!(hash_bytes(&hex.to_uppercase()).is_err());
        assert!(hash_bytes("00").is_err());
    }

    #[test]
    fn what_an_engine_cannot_count_is_refused() {
        assert_eq!(signed(7).unwrap(), 7);
        assert!(signed(u64::MAX).is_err());
    }
}
