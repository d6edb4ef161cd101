#!/bin/bash
# Sets up the web server, once, at the instance's first boot (cloud-init, as root). What it says is
# in /var/log/cloud-init-output.log. The web server comes first: it must not wait for the collector.
set -euo pipefail

files=/usr/local/lib/web-server
collector_version=0.159.0
# Of otelcol-contrib_0.159.0_linux_amd64.tar.gz:
# https://github.com/open-telemetry/opentelemetry-collector-releases/releases/tag/v0.159.0
collector_sha256=9d589f6349f01179957a2052bc7307a99db2efc971e14e00575941a77122eaaf

# The instance's own id, by IMDSv2; it goes into each line of the access log.
metadata=http://169.254.169.254/latest
token=$(curl --fail --silent --show-error --retry 5 --max-time 10 --request PUT \
  --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
instance_id=$(curl --fail --silent --show-error --retry 5 --max-time 10 \
  --header "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/instance-id")
[[ $instance_id =~ ^i-[0-9a-f]+$ ]] || { echo "not an instance id: $instance_id" >&2; exit 1; }

# Amazon Linux 2023 installs from the repository version that its AMI is locked to, signed:
# https://docs.aws.amazon.com/linux/al2023/ug/deterministic-upgrades.html
dnf install --assumeyes nginx logrotate tar
install --mode 644 "$files/nginx.conf" /etc/nginx/nginx.conf
echo "map \"\" \$instance_id { default \"$instance_id\"; }" > /etc/nginx/conf.d/instance-id.conf
nginx -t
systemctl daemon-reload
systemctl enable --now demo-api.service nginx.service heartbeat.timer

archive=otelcol-contrib_${collector_version}_linux_amd64.tar.gz
download=$(mktemp --directory)
cd "$download"
curl --fail --silent --show-error --location --retry 10 --retry-all-errors --retry-delay 10 \
  --remote-name "https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download/v${collector_version}/${archive}"
echo "$collector_sha256  $archive" | sha256sum --check
tar --extract --gzip --file "$archive" otelcol-contrib
install --mode 755 otelcol-contrib /usr/local/bin/otelcol-contrib
cd /
rm --recursive "$download"
systemctl enable --now otelcol-contrib.service
