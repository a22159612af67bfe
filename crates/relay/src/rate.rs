//! Token buckets: how many requests an address block, or a mailbox, may make.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use hearthkeep_wire::Refusal;

use crate::random::jitter_ms;

/// Buckets that are kept at once; full ones are forgotten first, for they say nothing.
const BUCKETS: usize = 65_536;

/// How fast a bucket fills, and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Requests a second, in the long run. Zero lets everything pass.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

/// An address block: one IPv4 address, or the 64 bits that one IPv6 customer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Block(Ipv6Addr);

impl Block {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped(),
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => v4.to_ipv6_mapped(),
                None => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)),
            },
        })
    }
}

/// Buckets by key.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    kept: Mutex<BTreeMap<K, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl<K: Ord + Copy> Buckets<K> {
    pub(crate) const fn new(rate: Rate) -> Self {
        Self { rate, kept: Mutex::new(BTreeMap::new()) }
    }

    /// Takes `cost` out of a bucket.
    ///
    /// # Errors
    /// [`Refusal::TooMany`] when it holds less.
    pub(crate) fn take(&self, key: K, cost: f64) -> Result<(), Refusal> {
        if self.rate.per_second <= 0.0 {
            return Ok(());
        }
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= BUCKETS && !kept.contains_key(&key) {
            self.forget(&mut kept, now);
        }
        let bucket = kept.entry(key).or_insert(Bucket { left: self.rate.burst, at: now });
        bucket.left = self.level(bucket, now);
        bucket.at = now;
        if bucket.left >= cost {
            bucket.left -= cost;
            Ok(())
        } else {
            let wait_s = (cost - bucket.left) / self.rate.per_second;
            let wait_ms = std::time::Duration::try_from_secs_f64(wait_s)
                .map_or(60_000, |wait| u32::try_from(wait.as_millis()).unwrap_or(60_000));
            Err(Refusal::TooMany { retry_ms: wait_ms.saturating_add(jitter_ms(50, 1_000)) })
        }
    }

    fn level(&self, bucket: &Bucket, now: Instant) -> f64 {
        let filled = now.saturating_duration_since(bucket.at).as_secs_f64() * self.rate.per_second;
        (bucket.left + filled).min(self.rate.burst)
    }

    fn forget(&self, kept: &mut BTreeMap<K, Bucket>, now: Instant) {
        kept.retain(|_, bucket| self.level(bucket, now) < self.rate.burst);
        if kept.len() >= BUCKETS {
            // All of them are in use: somebody has very many addresses. Begin again.
            kept.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w22_a_bucket_refuses_what_it_does_not_hold_and_says_when_to_ask_again() {
        let buckets = Buckets::new(Rate { per_second: 0.001, burst: 3.0 });
        assert!((0..3).all(|_| buckets.take(1_u8, 1.0).is_ok()));
        let Err(Refusal::TooMany { retry_ms }) = buckets.take(1, 1.0) else {
            panic!("a fourth was let through");
        };
        assert!(retry_ms > 1_000);
        assert_eq!(buckets.take(2, 1.0), Ok(()));
        let open = Buckets::new(Rate { per_second: 0.0, burst: 0.0 });
        assert!((0..1_000).all(|_| open.take(1_u8, 1.0).is_ok()));
    }

    #[test]
    fn w22_one_customer_is_one_block() {
        let of = |text: &str| Block::of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
