//! Stimmung listens to what the public says about a brand, tells its mood, and acts on it.
//!
//! The modules in the order in which data flows through them; `ARCHITECTURE.md` draws the picture.
//!
//! | module | what it is |
//! |---|---|
//! | [`config`] | `sources.toml` as a validated [`config::Config`] |
//! | [`mention`] | what was said, as plain data |
//! | [`tongue`] | what is said to people, in German and in English |
//! | [`brand`] | which brands a text is about |
//! | [`schedule`], [`duration`] | when a source is next due; how long things may take |
//! | [`http`] | the one way out to the internet, with manners |
//! | [`text`] | markup to plain text, canonical addresses, fingerprints |
//! | [`collect`] | one file for each kind of source: from its format to mentions |
//! | [`import`], [`export`] | files of portals that offer nothing else, and the way out |
//! | [`analyse`] | language and mood of a mention, and why |
//! | `transformer` | larger models of moods, beside the embedded one; only with the feature of that name |
//! | [`store`] | the database; owns every line of SQL |
//! | [`view`] | which mentions somebody wants to see: a filter that is an address |
//! | [`detect`] | evidence that the mood has shifted |
//! | [`urgent`] | which single mention cannot wait |
//! | [`chart`] | a finding in one picture |
//! | [`alert`] | what a finding says to people |
//! | [`digest`] | what a day or a week says to people |
//! | [`notify`] | delivers what the outbox holds |
//! | [`seal`] | how a link that comes back is known to be ours |
//! | [`account`] | who may look and change: roles, passwords, tokens |
//! | [`oidc`] | logging in by an identity provider |
//! | [`service`] | the loops that drive all of it |
//! | [`web`] | the pages, and the API |
//! | [`demo`] | an invented world to see it work in |
//! | [`cli`] | the commands |

pub mod account;
pub mod alert;
pub mod analyse;
pub mod brand;
mod cause;
pub mod chart;
pub mod cli;
pub mod collect;
pub mod config;
pub mod demo;
pub mod detect;
pub mod digest;
pub mod duration;
pub mod export;
pub mod hand_off;
pub mod http;
pub mod import;
pub mod mention;
pub mod mjml;
pub mod notify;
pub mod oidc;
pub mod opml;
pub mod outreach;
pub mod schedule;
pub mod seal;
pub mod secret;
pub mod service;
pub mod store;
pub mod text;
pub mod tongue;
#[cfg(feature = "transformer")]
pub mod transformer;
pub mod urgent;
pub mod view;
pub mod web;
