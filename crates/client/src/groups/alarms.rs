//! Alarms: kept until a person has read them.

use crate::hearthkeep::Hearthkeep;
use crate::view::{AlarmKind as KindView, AlarmView};
use crate::{ClientError, Event};
use hearthkeep_crypto::random_bytes;
use hearthkeep_group::AlarmKind;
use hearthkeep_model::{GroupId, Moment, RecordId, Timestamp};
use hearthkeep_store::{Table, Tx};
use minicbor::{Decode, Encode};

const SCOPE: &[u8] = b"alarms";

/// An alarm as it is kept.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct KeptAlarm {
    #[cbor(n(0), with = "minicbor::bytes")]
    group: [u8; 16],
    #[n(1)]
    kind: AlarmKind,
    #[n(2)]
    member: Option<String>,
    #[n(3)]
    at: i64,
}

/// Keeps an alarm in the transaction of what it is about.
pub(super) fn put(
    tx: &mut Tx,
    group: GroupId,
    kind: AlarmKind,
    member: Option<&str>,
    now: Timestamp,
) {
    let alarm =
        KeptAlarm { group: *group.as_bytes(), kind, member: member.map(str::to_owned), at: now.0 };
    tx.put(Table::GroupMeta, SCOPE, &random_bytes::<16>(), &hearthkeep_wire::encode(&alarm));
}

impl Hearthkeep {
    /// Findings that need a person, oldest first.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn alarms(&self) -> Result<Vec<AlarmView>, ClientError> {
        let mut alarms = Vec::new();
        for thing in self.store()?.scan(Table::GroupMeta, SCOPE).await? {
            let kept = hearthkeep_wire::decode_exact::<KeptAlarm>(&thing.value, 1 << 16);
            if let Some(view) = kept.ok().and_then(|kept| alarm_view(&thing.key, &kept, self)) {
                alarms.push(view);
            }
        }
        Ok(alarms)
    }

    /// The person has read an alarm.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn dismiss_alarm(&self, id: &str) -> Result<(), ClientError> {
        let id: RecordId = id.parse()?;
        let mut tx = self.store()?.begin().await?;
        tx.delete(Table::GroupMeta, SCOPE, id.as_bytes());
        tx.commit().await?;
        self.tell(Event::Alarms);
        Ok(())
    }
}

fn alarm_view(id: &[u8], kept: &KeptAlarm, here: &Hearthkeep) -> Option<AlarmView> {
    let at = Timestamp(kept.at);
    Some(AlarmView {
        id: RecordId::from_bytes(id.try_into().ok()?).to_string(),
        group: GroupId::from_bytes(kept.group).to_string(),
        kind: kind_view(kept.kind),
        member: kept.member.clone(),
        at: Moment::new(at, here.clock().offset_min(at)).rfc3339(),
    })
}

const fn kind_view(kind: AlarmKind) -> KindView {
    match kind {
        AlarmKind::Gap => KindView::Gap,
        AlarmKind::Withheld => KindView::Withheld,
        AlarmKind::RelayFork => KindView::RelayFork,
        AlarmKind::Equivocation => KindView::Equivocation,
        AlarmKind::Signature => KindView::Signature,
        AlarmKind::Commitment => KindView::Commitment,
        AlarmKind::Role => KindView::Role,
        AlarmKind::CommitRefused => KindView::CommitRefused,
        AlarmKind::Malformed => KindView::Malformed,
        AlarmKind::LinkUsedTwice => KindView::LinkUsedTwice,
        AlarmKind::BeyondCut => KindView::BeyondCut,
    }
}
