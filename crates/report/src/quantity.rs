//! Quantities as people read them: three digits or so, thousands apart.

use std::time::Duration;

use deem_case::Bytes;

/// `0.07 ms`, `12 ms`, `1,000 ms`.
pub fn time(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        0.0 => "0 ms".to_owned(),
        // A tick at ten microseconds is a little less in binary.
        ..0.00999 => format!("{} µs", digits(milliseconds * 1e3)),
        _ => format!("{} ms", digits(milliseconds)),
    }
}

/// `512 B`, `2.5 KiB`, `31 MiB`.
pub fn memory(bytes: Bytes) -> String {
    let bytes = bytes.0 as f64;
    match bytes {
        ..1024.0 => format!("{bytes} B"),
        ..1048576.0 => format!("{} KiB", digits(bytes / 1024.0)),
        _ => format!("{} MiB", digits(bytes / 1048576.0)),
    }
}

/// `1,234,567`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 case`, `2,000 cases`.
pub fn count(number: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(number), if number == 1 { "" } else { "s" })
}

fn digits(number: f64) -> String {
    let text = match number {
        ..0.1 => format!("{number:.3}"),
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => return thousands(number.round() as usize),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_about_three_digits() {
        let times = [0, 350, 70_000, 4_125_000, 45_678_000, 1_000_000_000].map(|ns| time(Duration::from_nanos(ns)));
        assert_eq!(times, ["0 ms", "0.35 µs", "0.07 ms", "4.12 ms", "45.7 ms", "1,000 ms"]);
        let sizes = [0, 1_000, 2_560, 3 << 20, 5_000 << 20].map(|bytes| memory(Bytes(bytes)));
        assert_eq!(sizes, ["0 B", "1000 B", "2.5 KiB", "3 MiB", "5,000 MiB"]);
    }
}
