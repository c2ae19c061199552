//! Who may look and change: accounts, roles and rights, passwords, tokens, and how often somebody may try. Pure, but
//! for random numbers.

use crate::mention::Timestamp;

pub use act::{Act, Action, Actor};
pub use password::{Password, PasswordProblem};
pub use token::Token;

mod act;
mod password;
pub mod throttle;
mod token;

/// A session ends when nobody was seen for so long, …
pub const IDLE_SECONDS: i64 = 12 * 3600;
/// … and at last after so long.
pub const SESSION_SECONDS: i64 = 30 * 86_400;
/// A link to choose one's own password holds for so long.
pub const INVITATION_SECONDS: i64 = 7 * 86_400;
/// Looks that are closer together than this are one, so that reading a page writes nothing.
pub const SEEN_SECONDS: i64 = 300;

/// What somebody may do; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Look at everything.
    Read,
    /// Judge, correct, put aside, answer, and change what is listened to.
    Change,
    /// Let people in, and see who did what.
    Administer,
}

impl Right {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Change, Self::Administer];

    /// As the scope of a token is written: `read`, `write`, `admin`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "write",
            Self::Administer => "admin",
        }
    }

    /// The inverse of [`Right::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.name() == name)
    }
}

/// What somebody is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks.
    Reader,
    /// Judges and answers, too.
    Agent,
    /// Lets people in, too.
    Admin,
}

impl Role {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Reader, Self::Agent, Self::Admin];

    /// `reader`, `agent`, `admin`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    /// The inverse of [`Role::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The most that it may do.
    pub const fn right(self) -> Right {
        match self {
            Self::Reader => Right::Read,
            Self::Agent => Right::Change,
            Self::Admin => Right::Administer,
        }
    }

    /// The smallest role that may do it.
    pub const fn with(right: Right) -> Self {
        match right {
            Right::Read => Self::Reader,
            Right::Change => Self::Agent,
            Right::Administer => Self::Admin,
        }
    }
}

/// By what somebody logs in: a mail address or a handle, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

/// No name is longer, because no mail address is.
const LONGEST_NAME: usize = 254;

impl Name {
    /// Letters, digits and `. _ + - @`, at most 254 characters; `None` for anything else.
    ///
    /// ```
    /// use stimmung::account::Name;
    /// assert_eq!(Name::parse(" Erika@Example.org ").unwrap().as_str(), "erika@example.org");
    /// assert_eq!(Name::parse("Erika Mustermann"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.trim().to_lowercase();
        let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '@');
        ((1..=LONGEST_NAME).contains(&name.chars().count()) && name.chars().all(is_fit)).then_some(Self(name))
    }

    /// As it was written, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who may log in, or could once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// In our database.
    pub id: i64,
    /// By what they log in.
    pub name: String,
    /// What they are called.
    pub shown_name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have a password here.
    pub has_password: bool,
    /// Who else vouches for them: the issuer of OpenID Connect.
    pub issuer: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
    /// Since when they may not log in.
    pub disabled_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_do_what_the_smaller_ones_may() {
        assert!(Role::Admin.right() > Role::Agent.right() && Role::Agent.right() > Role::Reader.right());
        for right in Right::ALL {
            assert_eq!(Role::with(right).right(), right);
            assert_eq!(Right::parse(right.name()), Some(right));
        }
        assert!(Role::ALL.into_iter().all(|role| Role::parse(role.name()) == Some(role)));
    }

    #[test]
    fn a_name_is_a_handle_or_a_mail_address() {
        let parse = |text: &str| Name::parse(text).map(|name| name.as_str().to_owned());
        assert_eq!(parse("Jörg.M+stimmung@example.org").as_deref(), Some("jörg.m+stimmung@example.org"));
        for wrong in ["", " ", "a b", "<b>", "a\nb", "a'b", &"x".repeat(255)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
