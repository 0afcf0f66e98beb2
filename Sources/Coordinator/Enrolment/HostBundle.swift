package import Model

/// The same as `fleet host add` brings to a server, as files for cloud-init or Ansible.
package struct HostBundle: Sendable {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Writes the bundle into a directory, which must not be there yet or be empty; answers the paths written.
    package func write(
        _ host: HostID,
        port: Int = Host.defaultPort,
        to directory: String,
        at now: WallTime
    ) throws -> [String] {
        try SmallFile.makeDirectory(directory)
        guard try SmallFile.names(in: directory).isEmpty else {
            throw CoordinatorError(.enrolment, "\(directory) is not empty; name a new directory for the bundle")
        }
        let material = try HostMaterial.make(host, in: workspace, port: port, at: now)
        var written: [String] = []
        for file in material.files {
            let path = "\(directory)/files\(file.path)"
            try Self.makeParents(of: path, below: directory)
            try SmallFile.create(path, file.bytes, mode: file.mode)
            written.append(path)
        }
        let script = "\(directory)/install"
        try SmallFile.create(script, Array(Self.script(for: material).utf8), mode: 0o755)
        return written + [script]
    }

    private static func makeParents(of path: String, below directory: String) throws {
        var current = directory
        for component in path.dropFirst(directory.count).split(separator: "/").dropLast() {
            current += "/\(component)"
            try SmallFile.makeDirectory(current)
        }
    }

    /// Installs what lies beside it; runs on the host, as root, any number of times.
    private static func script(for material: HostMaterial) -> String {
        let files = material.script { file in
            ["install -D -m \(String(file.mode, radix: 8)) \"files\(file.path)\" \(file.path)"]
        }
        return """
            #!/bin/sh
            # Makes this server \(material.host) of its fleet. Copy this directory there and run this script as root, for
            # example by cloud-init or Ansible. Packages (*.deb) beside it are installed, else apt's own are taken.
            # The directory holds the host's private key: keep it secret, and remove it afterwards.
            set -eu
            cd "$(dirname "$0")"
            export DEBIAN_FRONTEND=noninteractive
            if ls ./*.deb >/dev/null 2>&1; then
                dpkg -i ./*.deb || apt-get install -qqy --no-install-recommends ./*.deb
            else
                apt-get install -qqy --no-install-recommends fleet-agent
            fi
            \(files.joined(separator: "\n"))
            systemctl daemon-reload
            systemctl enable --quiet agent.service
            systemctl restart agent.service

            """
    }
}
