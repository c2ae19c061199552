//! An invented brand in an invented world, to see the service work without the internet.
