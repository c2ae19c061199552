//! Who did what, as the audit log keeps it.

use super::Account;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `None`: on the command line, without accounts, or nobody who is known.
    pub account: Option<i64>,
    /// As people read it: a name, or from where.
    pub who: String,
}

impl Actor {
    /// Somebody with an account.
    pub fn of(account: &Account) -> Self {
        Self { account: Some(account.id), who: account.name.clone() }
    }

    /// Whoever may use the database on the machine itself.
    pub fn command_line() -> Self {
        Self { account: None, who: "command line".to_owned() }
    }

    /// Somebody who has not logged in, or need not.
    pub fn unknown() -> Self {
        Self { account: None, who: "unknown".to_owned() }
    }
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// To what: the name of an account, or what and its number, as in `mention 17`. Never the name of an author.
    pub subject: String,
    /// What else there is to say, as in `reader → agent`; mostly nothing. Never words of an author.
    pub detail: String,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Logged in.
    LogIn,
    /// Could not log in.
    FailLogIn,
    /// Logged out, or ended another session of their own.
    LogOut,
    /// Made an account.
    AddAccount,
    /// Gave an account another role.
    ChangeRole,
    /// Gave an account another password.
    ChangePassword,
    /// Keeps an account from logging in.
    DisableAccount,
    /// Lets an account log in again.
    EnableAccount,
    /// Made a link by which somebody chooses their own password.
    MakeLink,
    /// Made a token for programs.
    AddToken,
    /// Made a token worthless.
    RevokeToken,
    /// Said what the mood of a text is.
    Correct,
    /// Put a mention aside as spam or hid it, or took it back.
    SetAside,
    /// Erased a mention, or what a person wrote.
    Erase,
    /// Said what a finding was.
    Judge,
    /// Added, paused or removed a source.
    ChangeSource,
    /// Took texts out as a file.
    Export,
    /// Looked at a person.
    Look,
    /// Worked on a case.
    WorkOnCase,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::LogIn,
        Self::FailLogIn,
        Self::LogOut,
        Self::AddAccount,
        Self::ChangeRole,
        Self::ChangePassword,
        Self::DisableAccount,
        Self::EnableAccount,
        Self::MakeLink,
        Self::AddToken,
        Self::RevokeToken,
        Self::Correct,
        Self::SetAside,
        Self::Erase,
        Self::Judge,
        Self::ChangeSource,
        Self::Export,
        Self::Look,
        Self::WorkOnCase,
    ];

    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log-in",
            Self::FailLogIn => "failed log-in",
            Self::LogOut => "log-out",
            Self::AddAccount => "add account",
            Self::ChangeRole => "change role",
            Self::ChangePassword => "change password",
            Self::DisableAccount => "disable account",
            Self::EnableAccount => "enable account",
            Self::MakeLink => "make link",
            Self::AddToken => "add token",
            Self::RevokeToken => "revoke token",
            Self::Correct => "correct",
            Self::SetAside => "set aside",
            Self::Erase => "erase",
            Self::Judge => "judge",
            Self::ChangeSource => "change source",
            Self::Export => "export",
            Self::Look => "look",
            Self::WorkOnCase => "work on case",
        }
    }

    /// The inverse of [`Action::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}
