# What there is to do: `just` lists it. Every recipe that builds provides V8 first, which is instant once it is there.

[private]
default:
    @just --list --unsorted

# Verify every engine, measure them all, print the table (--quick: in half a minute)
[group('measure')]
bench *args: _v8
    @cargo run --quiet --release -p deem-bench -- run {{args}}

# Run every engine once and compare every value; nothing is timed
[group('measure')]
bench-verify: _v8
    @cargo run --quiet --release -p deem-bench -- verify

# Put the last bench's table into the README, and keep its record
[group('measure')]
report *args: _v8
    @cargo run --quiet --release -p deem-bench -- report {{args}}

# One mechanism at a time: floor, isolation, frozen, parallel, limits, convert, replace, overshoot, workers (none: all, a quarter of an hour)
[group('measure')]
bench-micro *names: _v8
    cargo bench -p deem-benches {{ if names == "" { "" } else { "--bench " + replace(names, " ", " --bench ") } }}

# Do isolates, the frozen realm and node make the same of every solution? A folder of suites, or a .jsonl list of problems
[group('test')]
agree suites="fixtures": _v8
    @cargo run --quiet --release -p deem-bench -- agree {{suites}}

# Run all tests
[group('test')]
test *args: _v8
    node crates/case/tests/guest/console.test.mjs
    cargo test --workspace {{args}}

# Stream a million cases that leave behind what they can through a pool: is its memory flat? (soak 100000: in half a minute)
[group('test')]
soak *args: _v8
    @cargo run --quiet --release -p deem-benches --bin deem-soak -- {{args}}

# Kill a sandbox's workers at random, a thousand times: does every case still have its verdict? (chaos 100: in a quarter of a minute)
[group('test')]
chaos *args: _v8
    @cargo run --quiet --release -p deem-benches --bin deem-chaos -- {{args}}

# Run the hostile corpus in sandboxes, in this process, on node:vm and isolated-vm: what holds? (attack --times 3 --load 4: thorough)
[group('test')]
attack *args: _v8
    @cargo run --quiet --release -p deem-bench -- attack {{args}}

# Fuzz what reads bytes that nobody vouches for, so many seconds each (needs a nightly Rust, and `cargo install cargo-fuzz`)
[group('test')]
fuzz seconds="60":
    for target in $(cargo +nightly fuzz list); do cargo +nightly fuzz run --sanitizer none $target -- -max_total_time={{seconds}} -rss_limit_mb=2048 || exit 1; done

# Formatting, clippy and docs, warnings being errors
[group('test')]
lint: _v8
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --quiet -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

# Write the fixtures' cases anew
[group('test')]
fixtures:
    node fixtures/generate.mjs

_v8:
    @scripts/provide-v8
