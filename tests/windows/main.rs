//! Journeys in real windows: the app as members are given it, and its web view.

mod display;
mod friend;
mod memory;
mod person;
mod process;
mod relay;
mod time;
mod web_driver;
mod window;

mod demo;
mod evening;
mod first_evening;
mod keyboard;
mod locked;
mod power_cut;
mod screens;
mod uses;
