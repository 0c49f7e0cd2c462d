#include "base/secret_name.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

TEST(SecretName, IsToldByItsWords) {
  for (const char* name : {"AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "GITHUB_TOKEN",
                           "http_proxy_password", "PGPASSWORD", "DB_PASS", "MYSQL_PWD", "API_KEY",
                           "OPENAI_APIKEY", "GOOGLE_APPLICATION_CREDENTIALS", "s3_session_token",
                           "Authorization.Bearer", "SSH_PRIVATE", "key", "NPM_AUTH"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const char* name : {"DATA_ROOT", "HOME", "USER", "temp_directory", "MONKEY", "KEYBOARD",
                           "COMPASS_DIR", "AUTHOR", "threads", "PATH", "bypass", ""}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
}

}  // namespace
}  // namespace daedalus
