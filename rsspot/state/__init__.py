"""What is kept between processes."""
