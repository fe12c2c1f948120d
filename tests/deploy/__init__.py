"""What ``deploy/`` ships, tried as it stands: nginx, gunicorn, the files for systemd and containers."""
