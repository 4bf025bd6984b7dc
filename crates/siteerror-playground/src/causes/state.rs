//! What the rules remember, under names that clients choose: little, bounded, and for a while.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::bounded::{Remembered, Weigh};
use crate::causes::items::Item;
use crate::causes::storage::Account;
use crate::causes::traffic::Bucket;
use crate::causes::work::Job;
use crate::limits;

/// Everything that rules remember.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) items: Remembered<Item>,
    pub(super) jobs: Remembered<Job>,
    pub(super) buckets: Remembered<Bucket>,
    pub(super) slots: Remembered<Arc<Semaphore>>,
    pub(super) accounts: Remembered<Account>,
    /// Coins paid in, and not yet used.
    pub(super) coins: Remembered<u64>,
    /// Who has signed in at a portal.
    pub(super) guests: Remembered<()>,
}

// Each of them is small: items and accounts have bounds of their own.
impl Weigh for Item {}
impl Weigh for Job {}
impl Weigh for Bucket {}
impl Weigh for Arc<Semaphore> {}
impl Weigh for Account {}
impl Weigh for u64 {}
impl Weigh for () {}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            items: Remembered::new(limits::CAUSE_IDS),
            jobs: Remembered::new(limits::CAUSE_IDS),
            buckets: Remembered::new(limits::CAUSE_IDS),
            slots: Remembered::new(limits::CAUSE_IDS),
            accounts: Remembered::new(limits::CAUSE_IDS),
            coins: Remembered::new(limits::CAUSE_IDS),
            guests: Remembered::new(limits::CAUSE_IDS),
        }
    }
}
