//! What goes from process to process: a head in postcard's format, and values.
//!
//! A frame is two lengths in four bytes each, little-endian, the head, and the values.
//!
//! ```
//! use deem_wire::frame;
//!
//! let mut bytes = Vec::new();
//! frame::send(&mut bytes, &("case", 7_u32), b"values")?;
//! let (head, values) = frame::receive::<(String, u32)>(&mut &bytes[..], 100)?;
//! assert_eq!((head, &values[..]), (("case".to_owned(), 7), &b"values"[..]));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

/// A head is texts of bounded length: an exception, what was kept of a console, a source.
const LONGEST_HEAD: u32 = 64 << 20;

/// Sends a frame.
///
/// # Errors
/// `InvalidInput` if it would be 4 GiB or more, or if the head cannot be written in postcard's format; else those of the channel.
pub fn send(channel: &mut impl Write, head: &impl Serialize, values: &[u8]) -> io::Result<()> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    let mut frame = postcard::to_extend(head, vec![0; 8]).map_err(|error| invalid(error.to_string()))?;
    let too_long = |_| invalid("a frame of 4 GiB and more".to_owned());
    let head_length = u32::try_from(frame.len() - 8).map_err(too_long)?;
    let values_length = u32::try_from(values.len()).map_err(too_long)?;
    frame[..4].copy_from_slice(&head_length.to_le_bytes());
    frame[4..8].copy_from_slice(&values_length.to_le_bytes());
    frame.extend_from_slice(values);
    channel.write_all(&frame)
}

/// Receives a frame whose values take no more than `room` bytes. Memory is taken as bytes arrive, and not on the word of a length.
///
/// # Errors
/// `InvalidData` if it is not such a frame, `UnexpectedEof` if the channel ends within it; else those of the channel.
pub fn receive<T: DeserializeOwned>(channel: &mut impl Read, room: usize) -> io::Result<(T, Vec<u8>)> {
    let mut lengths = [0; 8];
    channel.read_exact(&mut lengths)?;
    let [a, b, c, d, e, f, g, h] = lengths;
    let [head, values] = [[a, b, c, d], [e, f, g, h]].map(u32::from_le_bytes);
    if head > LONGEST_HEAD || values as usize > room {
        return Err(invalid(format!("a frame of {head} and {values} bytes")));
    }
    let head = read(channel, head)?;
    let head = postcard::from_bytes(&head).map_err(|error| invalid(error.to_string()))?;
    Ok((head, read(channel, values)?))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

// Not allocated ahead: the length is the other side's word.
fn read(channel: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    channel.take(length.into()).read_to_end(&mut bytes)?;
    if bytes.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Head = (u64, Result<String, u8>, Vec<String>);

    proptest! {
        #[test]
        fn what_is_sent_is_received(head: Head, values: Vec<u8>, next: Vec<u8>) {
            let mut bytes = Vec::new();
            send(&mut bytes, &head, &values).unwrap();
            bytes.extend(&next);
            let mut channel = &bytes[..];
            prop_assert_eq!(receive::<Head>(&mut channel, values.len()).unwrap(), (head, values));
            prop_assert_eq!(channel, &next[..]);
        }

        #[test]
        fn arbitrary_bytes_are_an_error_and_no_panic(lengths: [u8; 2], bytes: Vec<u8>) {
            let mut frame = vec![lengths[0], 0, 0, 0, lengths[1], 0, 0, 0];
            frame.extend(&bytes);
            for bytes in [frame, bytes] {
                if let Ok((_, values)) = receive::<Head>(&mut &bytes[..], 255) {
                    prop_assert!(values.len() <= 255);
                }
            }
        }
    }

    #[test]
    fn a_frame_that_is_cut_off_or_too_long_is_an_error() {
        let mut bytes = Vec::new();
        send(&mut bytes, &7_u64, b"values").unwrap();
        for length in 0..bytes.len() {
            let error = receive::<u64>(&mut &bytes[..length], 100).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{length}");
        }
        let error = receive::<u64>(&mut &bytes[..], 5).unwrap_err();
        assert_eq!(error.to_string(), "a frame of 1 and 6 bytes");
        let error = receive::<u64>(&mut &[0xff; 64][..], usize::MAX).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
