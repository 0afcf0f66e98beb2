import Configuration

extension FuzzTarget {
    /// Every file that people or inventories write; what is one of them is damage to the others.
    static let yaml = Self(
        "yaml",
        ["configuration/corpus", "configuration/complete", "configuration/broken"],
        words: [
            "&a ", "*a", "!!x ", "- ", ": ", "{", "}", "[", "]", "\n", "\t", "\"", "'", "|\n", "? ", "---\n",
            "\u{FEFF}", "\\u",
            "#", "%", "<<: ", "service: ", "rules: ", "builders: ", "environments: ", "hosts: ", "[web]\n",
        ]
    ) { bytes in
        count(
            [
                { _ = try ServiceFile.parse(bytes, file: "f") }, { _ = try FleetFile.parse(bytes, file: "f") },
                { _ = try AgentFile.parse(bytes, file: "f") }, { _ = try TrustPolicyFile.parse(bytes, file: "f") },
                { _ = try InventoryFile.parse(bytes, file: "f", format: .ini) },
                { _ = try InventoryFile.parse(bytes, file: "f", format: .yaml) },
                { _ = try InventoryFile.parse(bytes, file: "f", format: .json) },
            ],
            isTold: { ($0 as? ConfigurationError)?.description.isEmpty == false }
        )
    }
}
