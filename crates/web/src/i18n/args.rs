//! Variables of a text: anything that is a number or a string, one pair, an array or a tuple of pairs.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

/// Something a text can have in it. Numbers choose plurals and are written with separators; strings stand as they are.
pub trait Value {
    /// As Fluent takes it.
    fn fluent(&self) -> FluentValue<'_>;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Value for $number {
            fn fluent(&self) -> FluentValue<'_> {
                FluentValue::from(*self as f64)
            }
        }
    )*};
}
numbers!(i8 i16 i32 i64 u8 u16 u32 u64 usize f64);

impl Value for str {
    fn fluent(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Value for String {
    fn fluent(&self) -> FluentValue<'_> {
        self.as_str().fluent()
    }
}

impl Value for Cow<'_, str> {
    fn fluent(&self) -> FluentValue<'_> {
        self.as_ref().fluent()
    }
}

impl<V: Value + ?Sized> Value for &V {
    fn fluent(&self) -> FluentValue<'_> {
        (**self).fluent()
    }
}

/// Named values for [`Text::with`](super::Text::with).
pub trait Args {
    /// As Fluent takes them.
    fn fluent_args(&self) -> FluentArgs<'_>;
}

impl<A: Args> Args for &A {
    fn fluent_args(&self) -> FluentArgs<'_> {
        (**self).fluent_args()
    }
}

impl<V: Value> Args for (&str, V) {
    fn fluent_args(&self) -> FluentArgs<'_> {
        [(self.0, self.1.fluent())].into_iter().collect()
    }
}

impl<V: Value, const N: usize> Args for [(&str, V); N] {
    fn fluent_args(&self) -> FluentArgs<'_> {
        self.iter().map(|(name, value)| (*name, value.fluent())).collect()
    }
}

macro_rules! tuples {
    ($(($($value:ident)+))*) => {$(
        impl<$($value: Value),+> Args for ($((&str, $value),)+) {
            #[expect(non_snake_case, reason = "the type's letter names its pair, too")]
            fn fluent_args(&self) -> FluentArgs<'_> {
                let ($($value,)+) = self;
                [$(($value.0, $value.1.fluent())),+].into_iter().collect()
            }
        }
    )*};
}
tuples!((A B)(A B C)(A B C D)(A B C D E));
