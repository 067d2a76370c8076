"""What makes a programme confidential: keys, recognition, access and the trail."""
