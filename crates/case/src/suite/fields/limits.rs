use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Bytes, InvalidLimits, Limits};

/// Limits under which something can run.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "LimitsTable", into = "LimitsTable")]
pub(in crate::suite) struct LimitsField(pub(in crate::suite) Limits);

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LimitsTable {
    cpu_ms: Option<u64>,
    wall_ms: Option<u64>,
    heap_mib: Option<usize>,
    external_mib: Option<usize>,
    output_kib: Option<usize>,
    stack_kib: Option<usize>,
}

impl TryFrom<LimitsTable> for LimitsField {
    type Error = InvalidLimits;

    fn try_from(table: LimitsTable) -> Result<LimitsField, InvalidLimits> {
        let base = table.cpu_ms.map_or_else(Limits::default, |ms| Limits::time(Duration::from_millis(ms)));
        let limits = Limits {
            wall: table.wall_ms.map_or(base.wall, Duration::from_millis),
            heap: table.heap_mib.map_or(base.heap, Bytes::mib),
            external: table.external_mib.map_or(base.external, Bytes::mib),
            output: table.output_kib.map_or(base.output, Bytes::kib),
            stack: table.stack_kib.map_or(base.stack, Bytes::kib),
            ..base
        };
        limits.check().map(LimitsField)
    }
}

impl From<LimitsField> for LimitsTable {
    fn from(LimitsField(limits): LimitsField) -> LimitsTable {
        let ms = |time: Duration| u64::try_from(time.as_millis()).ok();
        LimitsTable {
            cpu_ms: ms(limits.cpu),
            wall_ms: ms(limits.wall),
            heap_mib: Some(limits.heap.0 >> 20),
            external_mib: Some(limits.external.0 >> 20),
            output_kib: Some(limits.output.0 >> 10),
            stack_kib: Some(limits.stack.0 >> 10),
        }
    }
}
