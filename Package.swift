// swift-tools-version: 6.2
import PackageDescription

/// Every target is checked alike: Swift 6 mode, explicit imports, and no warning survives.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Points at which a test kills the agent; what is released has none.
let failpoints: [SwiftSetting] = [.define("FAILPOINTS", .when(configuration: .debug))]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

/// A library target with the house settings.
func library(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// An executable target with the house settings.
func command(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// An executable of `bench/`, in no package.
func bench(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "bench/\(name)", swiftSettings: settings)
}

/// The tests of one target; `Fixtures` is excluded because tests find it by path.
func tests(_ target: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(target)Tests",
        dependencies: [.target(name: target), "TestSupport"] + dependencies,
        swiftSettings: settings
    )
}

/// A C library of the system: headers, shims and link flags, nothing else.
func system(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// Links only with libFuzzer, whose main it runs under: `make fuzz`.
let fuzzers: [Target] =
    Context.environment["FLEET_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzzer",
            dependencies: ["FuzzEntry"],
            path: "Tests/Fuzzer",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        )
    ]

let package = Package(
    name: "fleet",
    products: [
        .executable(name: "fleet", targets: ["FleetCommand"]),
        .executable(name: "agent", targets: ["AgentCommand"]),
        .executable(name: "fleet-unpack", targets: ["UnpackCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries.
        system("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
        system("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
        system("CYAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
        system("CArchive", pkgConfig: "libarchive", package: "libarchive-dev"),
        system("CZstd", pkgConfig: "libzstd", package: "libzstd-dev"),
        system("CSystemd", pkgConfig: "libsystemd", package: "libsystemd-dev"),
        system("CLinux", package: "libc6-dev"),

        // Values and decisions: no I/O, no clock.
        library("Model", []),
        library("Rollout", ["Model"]),
        library("Activation", ["Model"]),

        // Leaves.
        library("Trust", ["Model", "COpenSSL"]),
        library("TLS", ["Model", "COpenSSL", .nioCore, .nioPosix]),
        library("Protocol", ["Model", .nioCore, .protobuf], exclude: ["proto"]),
        library("Session", ["Model", "Artifacts", "Protocol", "TLS", .nioCore, .nioPosix, .logging]),
        library("Storage", ["CLinux", "CSQLite"]),
        library("Configuration", ["Model", "CYAML"]),
        library("Artifacts", ["Model", "Trust", "CLinux"]),
        library("Archive", ["Model", "Trust", "Artifacts", "CArchive", "CZstd", "CLinux"]),
        library("HTTP", ["TLS", .nioCore, .nioPosix, .nioHTTP1]),

        // Effects.
        .target(
            name: "Agent",
            dependencies: [
                "Model", "Activation", "Artifacts", "Trust", "TLS", "Protocol", "Session", "Storage", "Configuration",
                "HTTP", "CSystemd", "CLinux", .nioCore, .nioPosix, .logging, .serviceLifecycle,
            ],
            swiftSettings: settings + failpoints
        ),
        library(
            "Coordinator",
            [
                "Model", "Rollout", "Artifacts", "Trust", "TLS", "Protocol", "Session", "Storage", "Configuration",
                "HTTP", "CLinux", "CSystemd", .nioCore, .nioPosix, .logging, .serviceLifecycle,
            ]
        ),
        library("Simulation", ["Model", "Rollout", "Activation"]),

        // Commands.
        command(
            "AgentCommand",
            ["Agent", "Configuration", "Model", "Trust", .argumentParser, .logging, .serviceLifecycle, .unixSignals]
        ),
        command(
            "FleetCommand",
            [
                "Coordinator", "Model", "Rollout", "Simulation", "Artifacts", "Trust", "TLS", "Protocol", "Session",
                "Configuration", "CLinux", .argumentParser, .logging, .serviceLifecycle, .unixSignals,
            ]
        ),
        command("UnpackCommand", ["Archive", "Artifacts", "Model", "Trust", "CLinux"]),

        // Benches, which print their peers beside us.
        bench("TLSBench", ["Model", "TLS", .nioCore, .nioPosix]),
        bench("HashBench", ["Model", "Trust"]),
        bench("AuditBench", ["Coordinator", "Model", "Trust"]),
        bench("TrustBench", ["Configuration", "Model", "Trust"]),
        bench("ScaleBench", ["Model", "Rollout", "Simulation"]),
        bench(
            "AgentsBench",
            ["Model", "Activation", "Configuration", "Protocol", "Session", "TLS", "Trust", .nioCore]
        ),

        // Tests mirror their targets.
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        tests("Model"),
        tests("Rollout", ["Model"]),
        tests("Activation", ["Model"]),
        tests("Trust", ["Model", "COpenSSL"]),
        tests("TLS", ["Model", "COpenSSL", .nioCore, .nioPosix, .nioEmbedded]),
        .target(
            name: "FuzzEntry",
            dependencies: [
                "Archive", "Artifacts", "Configuration", "Model", "Protocol", "TestSupport", "Trust", .nioCore,
            ],
            path: "Tests/FuzzEntry",
            swiftSettings: settings
        ),
        tests("FuzzEntry"),
        tests("Protocol", ["FuzzEntry", "Model", .nioCore, .nioEmbedded, .protobuf]),
        tests("Session", ["Model", "Protocol", "TLS", .nioCore, .nioPosix, .nioEmbedded, .logging]),
        tests("Storage"),
        tests("Configuration", ["Model"]),
        tests("Artifacts", ["Model", "Trust"]),
        tests("Archive", ["Model", "Trust", "Artifacts"]),
        tests("HTTP", ["TLS", .nioCore, .nioPosix, .nioHTTP1]),
        tests(
            "Agent",
            [
                "Model", "Activation", "Artifacts", "Configuration", "Coordinator", "HTTP", "Protocol", "Session",
                "Storage", "TLS", "Trust", .logging, .nioCore, .nioPosix,
            ]
        ),
        tests(
            "Coordinator",
            [
                "Model", "Rollout", "Activation", "Artifacts", "Trust", "TLS", "Configuration", "Protocol", "Session",
                "Storage", .logging, .nioCore, .nioPosix,
            ]
        ),
        .testTarget(
            name: "MembershipTests",
            dependencies: [
                "Agent", "Configuration", "Coordinator", "Model", "Protocol", "Rollout", "Session", "TLS", "Trust",
                .logging, .nioCore,
            ],
            swiftSettings: settings
        ),
        tests("FleetCommand", ["Artifacts", "Coordinator", "Model", "Rollout", .argumentParser]),
        tests("AgentCommand", ["Agent", "Model", .argumentParser]),
        tests("Simulation", ["Model", "Rollout", "Activation"]),
        .testTarget(name: "ProjectTests", swiftSettings: settings),
        .executableTarget(
            name: "Liar",
            dependencies: ["Artifacts", "Coordinator", "Model", .logging],
            path: "Tests/Liar",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Agent", "Artifacts", "Coordinator", "Liar", "Model", "TestSupport", "Trust"],
            swiftSettings: settings
        ),
    ] + fuzzers
)
