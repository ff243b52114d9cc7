//! Templates pass values by reference, sometimes by reference to a reference. Formatters take any of these.

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_domain::Money;

/// A `T`, or a reference to one, however deep.
pub trait Plain<T> {
    /// The value.
    fn plain(&self) -> T;
}

impl<T, P: Plain<T> + ?Sized> Plain<T> for &P {
    fn plain(&self) -> T {
        (**self).plain()
    }
}

macro_rules! plain {
    ($($kind:ty)*) => {$(
        impl Plain<$kind> for $kind {
            fn plain(&self) -> $kind {
                *self
            }
        }
    )*};
}
plain!(Timestamp Date Money);

macro_rules! counts {
    ($($kind:ty)*) => {$(
        impl Plain<u64> for $kind {
            fn plain(&self) -> u64 {
                *self as u64
            }
        }
    )*};
}
counts!(u8 u16 u32 u64 usize);
