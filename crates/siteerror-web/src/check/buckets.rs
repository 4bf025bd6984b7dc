//! How much each client may ask for: a bucket of tokens for every address, and for every /64 of IPv6, since that is what one subscriber has.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use tokio::time::Instant;

/// Checks that can be had at once.
const BURST: u32 = 10;
/// The time in which another one comes.
const REFILL: Duration = Duration::from_secs(3);
/// Clients that are remembered: whoever was not seen for longest is forgotten first, and has a full bucket again.
const CLIENTS: NonZeroUsize = NonZeroUsize::new(16_384).expect("it is not zero");

/// The generic cell rate algorithm: of each client only the time is kept at which its bucket would be full.
#[derive(Debug)]
pub(super) struct Buckets(Mutex<LruCache<IpAddr, Instant>>);

impl Default for Buckets {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CLIENTS)))
    }
}

impl Buckets {
    /// Takes a token, or says how long there is none. Without an address, as in tests and on streams that have none, there is no limit.
    pub(super) fn take(&self, client: Option<IpAddr>) -> Result<(), Duration> {
        let Some(client) = client.map(subscriber) else {
            return Ok(());
        };
        let now = Instant::now();
        let mut full = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = full.get(&client).map_or(now, |at| (*at).max(now));
        let ahead = at.duration_since(now) + REFILL;
        let room = REFILL * BURST;
        if ahead > room {
            return Err(ahead.saturating_sub(room));
        }
        full.put(client, at + REFILL);
        Ok(())
    }
}

/// Whom an address stands for.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(buckets: &Buckets, client: &str) -> Result<(), Duration> {
        buckets.take(Some(client.parse().expect("an address")))
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_empties_and_fills() {
        let buckets = Buckets::default();
        for _ in 0..BURST {
            assert_eq!(take(&buckets, "192.0.2.1"), Ok(()));
        }
        assert_eq!(take(&buckets, "192.0.2.1"), Err(REFILL));
        // The same client by another spelling; and somebody else.
        assert!(take(&buckets, "::ffff:192.0.2.1").is_err());
        assert_eq!(take(&buckets, "192.0.2.2"), Ok(()));
        tokio::time::advance(REFILL).await;
        assert_eq!(take(&buckets, "192.0.2.1"), Ok(()));
        assert!(take(&buckets, "192.0.2.1").is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_subscriber_of_ipv6_has_one_bucket() {
        let buckets = Buckets::default();
        for host in 0..BURST {
            assert_eq!(take(&buckets, &format!("2001:db8:0:1::{host:x}")), Ok(()));
        }
        assert!(take(&buckets, "2001:db8:0:1:ffff::1").is_err());
        assert_eq!(take(&buckets, "2001:db8:0:2::1"), Ok(()));
    }
}
