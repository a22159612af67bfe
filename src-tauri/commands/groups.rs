//! Groups, their people, reflections, the relay.

use crate::app_core::AppCore;
use hearthkeep_client::Refusal;
use hearthkeep_client::view::{
    AlarmView, AskedToJoin, GroupRow, GroupView, InvitationView, ReactionView, ReflectionView,
    ShareRequest, SyncLight, Unsent,
};
use tauri::State;

/// The groups of the side bar.
#[tauri::command]
#[specta::specta]
pub(crate) async fn groups(core: State<'_, AppCore>) -> Result<Vec<GroupRow>, Refusal> {
    Ok(core.client()?.groups().await?)
}

/// A group with its people.
#[tauri::command]
#[specta::specta]
pub(crate) async fn group(core: State<'_, AppCore>, id: String) -> Result<GroupView, Refusal> {
    Ok(core.client()?.group(&id).await?)
}

/// Founds a group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn found_group(
    core: State<'_, AppCore>,
    name: String,
    own_name: String,
    relay_url: String,
    token: String,
) -> Result<GroupRow, Refusal> {
    Ok(core.client()?.found_group(&name, &own_name, &relay_url, &token).await?)
}

/// A link for one person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invite(core: State<'_, AppCore>, group: String) -> Result<String, Refusal> {
    Ok(core.client()?.invite(&group).await?)
}

/// Opens the link of an invitation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_invitation(
    core: State<'_, AppCore>,
    link: String,
) -> Result<InvitationView, Refusal> {
    Ok(core.client()?.open_invitation(&link).await?)
}

/// The invitation that waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invitation(
    core: State<'_, AppCore>,
) -> Result<Option<InvitationView>, Refusal> {
    Ok(core.client()?.invitation().await?)
}

/// Asks to be let in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_to_join(
    core: State<'_, AppCore>,
    own_name: String,
) -> Result<AskedToJoin, Refusal> {
    Ok(core.client()?.ask_to_join(&own_name).await?)
}

/// Forgets the invitation.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_invitation(core: State<'_, AppCore>) -> Result<(), Refusal> {
    Ok(core.client()?.forget_invitation().await?)
}

/// Lets somebody in, whose words were compared.
#[tauri::command]
#[specta::specta]
pub(crate) async fn let_in(
    core: State<'_, AppCore>,
    group: String,
    request: String,
    words: Vec<String>,
) -> Result<(), Refusal> {
    Ok(core.client()?.let_in(&group, &request, &words).await?)
}

/// Turns a request away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn turn_away(
    core: State<'_, AppCore>,
    group: String,
    request: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.turn_away(&group, &request).await?)
}

/// Makes a member a facilitator.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_facilitator(
    core: State<'_, AppCore>,
    group: String,
    member: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.make_facilitator(&group, &member).await?)
}

/// Removes a member.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_member(
    core: State<'_, AppCore>,
    group: String,
    member: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.remove_member(&group, &member).await?)
}

/// Leaves a group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_group(core: State<'_, AppCore>, group: String) -> Result<(), Refusal> {
    Ok(core.client()?.leave_group(&group).await?)
}

/// Asks to come back to a group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_to_come_back(
    core: State<'_, AppCore>,
    group: String,
) -> Result<AskedToJoin, Refusal> {
    Ok(core.client()?.ask_to_come_back(&group).await?)
}

/// "Nobody watches here" was read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn watch_note_read(
    core: State<'_, AppCore>,
    group: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.watch_note_read(&group).await?)
}

/// The reflections of a group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn feed(
    core: State<'_, AppCore>,
    group: String,
) -> Result<Vec<ReflectionView>, Refusal> {
    Ok(core.client()?.feed(&group).await?)
}

/// Shares a reflection, after ten seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share(
    core: State<'_, AppCore>,
    request: ShareRequest,
    draft: Option<String>,
) -> Result<String, Refusal> {
    Ok(core.client()?.share(request, draft.as_deref()).await?)
}

/// What was written for a group and has not left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unsent(
    core: State<'_, AppCore>,
    group: String,
) -> Result<Vec<Unsent>, Refusal> {
    Ok(core.client()?.unsent(&group).await?)
}

/// Keeps what is being written for a group.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_unsent(
    core: State<'_, AppCore>,
    draft: Option<String>,
    request: ShareRequest,
) -> Result<String, Refusal> {
    Ok(core.client()?.keep_unsent(draft.as_deref(), &request).await?)
}

/// Forgets a draft.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_unsent(core: State<'_, AppCore>, draft: String) -> Result<(), Refusal> {
    Ok(core.client()?.forget_unsent(&draft).await?)
}

/// Keeps the words in a box of the screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_words(
    core: State<'_, AppCore>,
    place: String,
    words: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.keep_words(&place, &words).await?)
}

/// The words kept for a box of the screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn kept_words(
    core: State<'_, AppCore>,
    place: String,
) -> Result<Option<String>, Refusal> {
    Ok(core.client()?.kept_words(&place).await?)
}

/// Stops one that waits, and gives its text back.
#[tauri::command]
#[specta::specta]
pub(crate) fn stop_sharing(core: State<'_, AppCore>, id: String) -> Result<String, Refusal> {
    Ok(core.client()?.stop_sharing(&id)?)
}

/// Answers in words.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer(
    core: State<'_, AppCore>,
    group: String,
    note: String,
    text: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.answer(&group, &note, &text).await?)
}

/// Gives or takes back a reaction.
#[tauri::command]
#[specta::specta]
pub(crate) async fn react(
    core: State<'_, AppCore>,
    group: String,
    note: String,
    reaction: ReactionView,
    on: bool,
) -> Result<(), Refusal> {
    Ok(core.client()?.react(&group, &note, reaction, on).await?)
}

/// Corrects one's own.
#[tauri::command]
#[specta::specta]
pub(crate) async fn correct(
    core: State<'_, AppCore>,
    group: String,
    note: String,
    text: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.correct(&group, &note, &text).await?)
}

/// Takes one's own back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_back(
    core: State<'_, AppCore>,
    group: String,
    note: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.take_back(&group, &note).await?)
}

/// All of a group was read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_up_to(core: State<'_, AppCore>, group: String) -> Result<(), Refusal> {
    Ok(core.client()?.read_up_to(&group).await?)
}

/// The one light.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn light(core: State<'_, AppCore>) -> Result<SyncLight, Refusal> {
    Ok(core.client()?.light()?)
}

/// Sends and fetches now.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn sync_now(core: State<'_, AppCore>) -> Result<(), Refusal> {
    Ok(core.client()?.sync_now()?)
}

/// What needs a person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn alarms(core: State<'_, AppCore>) -> Result<Vec<AlarmView>, Refusal> {
    Ok(core.client()?.alarms().await?)
}

/// An alarm was seen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_alarm(core: State<'_, AppCore>, id: String) -> Result<(), Refusal> {
    Ok(core.client()?.dismiss_alarm(&id).await?)
}
