//! The values a rule runs over.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, Value, extensions,
    objects::{Key, Map},
};

/// Built once: registering the standard functions costs more than running a rule.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    // Fails only where two libraries declare one function; then `lowerAscii` is an error when it runs.
    let _ = env.add_extension(extensions::strings);
    Arc::new(env)
});

/// The values a rule runs over: built once for a judgement, used by every rule. Binding them costs more than running
/// a rule, so they are bound as they are added.
pub struct Facts {
    pub(super) bound: Context<'static, 'static>,
}

impl Default for Facts {
    fn default() -> Self {
        Self { bound: Context::with_env(Arc::clone(&ENVIRONMENT)) }
    }
}

impl Facts {
    /// Adds a group of fields under a name; fields that are not known are left out so that `has()` tells.
    pub fn with_fields(self, root: &'static str, fields: Vec<(&str, Value)>) -> Self {
        let map: HashMap<Key, Value> =
            fields.into_iter().map(|(name, value)| (Key::String(Arc::new(name.to_owned())), value)).collect();
        self.with(root, Value::Map(Map { map: Arc::new(map) }))
    }

    /// Adds one value under a name.
    pub fn with(mut self, root: &'static str, value: Value) -> Self {
        self.bound.add_variable_from_value(root, value);
        self
    }
}

/// A text value.
pub fn text(value: &str) -> Value {
    Value::String(Arc::new(value.to_owned()))
}
