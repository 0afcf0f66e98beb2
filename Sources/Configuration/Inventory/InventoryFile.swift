package import Model

/// Reads an inventory: Ansible's INI and YAML files, what Ansible's dynamic inventories print, or hosts as plain JSON.
package enum InventoryFile {
    package enum Format: Sendable {
        case ini
        case yaml
        case json

        /// Guesses as people name files: by suffix, else JSON if it starts like JSON, else INI.
        package static func guess(path: String, bytes: [UInt8]) -> Self {
            if path.hasSuffix(".yml") || path.hasSuffix(".yaml") { return .yaml }
            let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            return path.hasSuffix(".json") || first == UInt8(ascii: "{") ? .json : .ini
        }
    }

    /// The hosts of `group`, or all, in the order of the file.
    ///
    /// `file` is what messages call it; nothing is read from there.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        format: Format,
        group: String? = nil
    ) throws(ConfigurationError) -> [Host] {
        let findings = Findings(file: file)
        let hosts: [Host]
        switch format {
        case .ini:
            hosts = try INIInventory.parse(bytes, findings).hosts(of: group, findings)
        case .yaml:
            let root = try YAMLText.parse(bytes, file: file)
            hosts = TreeInventory.parse(groups: root, findings).hosts(of: group, findings)
        case .json:
            let root = try JSONText.parse(bytes, file: file)
            hosts =
                plainHosts(root, findings) ?? TreeInventory.parse(dynamic: root, findings).hosts(of: group, findings)
        }
        try findings.throwIfAny()
        return hosts
    }

    /// Our own form, `{"hosts": [{"name": …}]}`; nil when it is Ansible's.
    private static func plainHosts(_ root: Node, _ findings: Findings) -> [Host]? {
        guard case .mapping(let entries) = root.content, entries.count == 1, let entry = entries.first,
            entry.key == "hosts", case .sequence(let nodes) = entry.value.content
        else { return nil }
        return nodes.compactMap { HostReader.read($0, findings: findings) }
    }
}
